// Plain JavaScript, like scripts/run.mjs, which imports it before anything is installed.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * Whether node_modules holds exactly what package-lock.json asks for. This goes by content, so that a restored cache or
 * a fresh checkout is not installed again, whatever the times of its files. npm writes its own record of what it
 * installed, node_modules/.package-lock.json, last: an interrupted installation counts as absent.
 */
export function isInstalled(root) {
  const wanted = packagesOf(path.join(root, "package-lock.json"));
  const installed = packagesOf(path.join(root, "node_modules", ".package-lock.json"));
  if (!wanted || !installed) return false;
  // The project itself, which npm does not record.
  const { "": _, ...packages } = wanted;
  return (
    Object.keys(installed).every((name) => name in packages) &&
    Object.entries(packages).every(([name, entry]) => {
      const found = installed[name];
      if (!found) return entry.optional === true && !isForThisPlatform(entry);
      return found.version === entry.version && found.integrity === entry.integrity && isThere(root, name);
    })
  );
}

function isThere(root, name) {
  return existsSync(path.join(root, name, "package.json"));
}

/** npm leaves out optional packages for other platforms, such as esbuild's binaries, and what only those need. */
function isForThisPlatform({ os, cpu, libc }) {
  if (!os && !cpu) return false;
  return (
    includes(os, process.platform) && includes(cpu, process.arch) && (!libc || includes(libc, libraryC()))
  );
}

/** As in package.json: names that match or, with "!" in front, names that do not. */
function includes(names, name) {
  if (!names) return true;
  return names.some((one) => one.startsWith("!")) ? !names.includes(`!${name}`) : names.includes(name);
}

let knownLibraryC;

function libraryC() {
  if (process.platform !== "linux") return undefined;
  knownLibraryC ??= process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
  return knownLibraryC;
}

/** Undefined if the file does not exist or cannot be read. */
function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, "utf8")).packages;
  } catch {
    return undefined;
  }
}
