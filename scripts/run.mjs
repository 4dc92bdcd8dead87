// Runs one of this project's TypeScript programs: node scripts/run.mjs <file> [arguments]
//
// Plain JavaScript, because it runs before anything is installed: it checks Node's version, installs the npm
// dependencies unless node_modules holds what the lock file asks for, and compiles the program with esbuild.
import { spawn } from "node:child_process";
import { existsSync, lstatSync } from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isInstalled } from "./is-installed.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const [file, ...programArguments] = process.argv.slice(2);

try {
  if (process.env.SUPERVISED === "1") followLauncher();
  requireNode(20, 19);
  await installDependencies();
  await runProgram(path.resolve(root, file));
} catch (error) {
  fail(error);
}

/** Under scripts/supervise.mjs this process leads a process group, which ends when its launcher is gone. */
function followLauncher() {
  process.on("disconnect", () => process.kill(0, "SIGKILL"));
  process.on("message", (message) => {
    // Like Ctrl-C in a terminal: a program that does not listen ends.
    if (message !== "stop" || process.emit("SIGINT")) return;
    process.stderr.write("\n· interrupted: run the same command again to continue\n");
    process.exit(130);
  });
  process.channel.unref();
  delete process.env.SUPERVISED;
}

function requireNode(major, minor) {
  const [actualMajor, actualMinor] = process.versions.node.split(".").map(Number);
  if (actualMajor > major || (actualMajor === major && actualMinor >= minor)) return;
  throw userError(
    `Node.js ${major}.${minor} or newer is needed, but this is ${process.versions.node}: install the current LTS from https://nodejs.org`,
  );
}

/** A linked folder belongs to another checkout: npm would empty it there. */
async function installDependencies() {
  if (lstatSync(path.join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  if (isInstalled(root)) return;
  // The other process is installing them.
  if (process.env.LOCAL_AWS_ALREADY_RUNNING) throw userError(process.env.LOCAL_AWS_ALREADY_RUNNING);
  const started = Date.now();
  process.stderr.write("· npm dependencies: npm ci (about half a minute)\n");
  // The lock file pins every package by its hash, so npm can use its cache without asking the registry.
  const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--include=dev", "--include=optional"];
  const npm = spawn("npm", ["ci", ...flags], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  npm.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const exitCode = await new Promise((resolve) => {
    npm.on("error", (error) => {
      errors += `error ${error.message}`;
      resolve(1);
    });
    npm.on("close", resolve);
  });
  if (exitCode !== 0) {
    const reasons = errors.split("\n").filter((line) => /error/i.test(line));
    throw userError(
      `npm ci failed: check the network and npm's registry setting, then run the same command again.\n  ${reasons.slice(0, 5).join("\n  ")}`,
    );
  }
  process.stderr.write(`✓ npm dependencies (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
}

/** The program is compiled in memory: nothing is left on disk, and no two runs share a file. */
async function runProgram(entry) {
  if (!existsSync(entry)) throw userError(`no such program: ${file}`);
  const require = createRequire(path.join(root, "package.json"));
  const { buildSync } = require("esbuild");
  const [output] = buildSync({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "error",
    write: false,
  }).outputFiles;
  // The AWS SDK is pinned to a version that runs on this Node.js; its notice about later ones is not for users.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  process.argv = [process.argv[0], entry, ...programArguments];
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  const program = new Module(entry);
  program.filename = entry;
  program.paths = Module._nodeModulePaths(root);
  // Another engine's cdktf and providers, in a folder of their own: see docs/cdk-terrain.md.
  if (process.env.ENGINE_MODULES) program.paths.unshift(path.resolve(root, process.env.ENGINE_MODULES));
  program._compile(output.text, entry);
}

function userError(message) {
  return Object.assign(new Error(message), { forUser: true });
}

/** For an error that the user can fix, only the message is shown. Only a defect in the program gets a stack trace. */
function fail(error) {
  process.stderr.write(`✗ ${error?.forUser ? error.message : (error?.stack ?? error)}\n`);
  process.exit(error?.exitCode ?? 1);
}
