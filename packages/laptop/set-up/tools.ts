import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { step } from "../../terminal/progress";
import { mustRun } from "../../terminal/run-command";
import { UserError } from "../../terminal/user-error";
import { folders, packageFiles } from "../folders";
import type { Python } from "./requirements";

/** Python in the virtual environment that holds the emulator and the library the archive stand-in needs. */
export const venvPython = path.join(folders.python, "bin", "python");

/** @returns the folder of AWS's service models, which come with botocore, or one that does not exist */
export function modelsFolder(): string {
  const libraries = path.join(folders.python, "lib");
  const versions = existsSync(libraries) ? readdirSync(libraries) : [];
  const [version = "none"] = versions.filter((name) => name.startsWith("python3"));
  return path.join(libraries, version, "site-packages", "botocore", "data");
}

/** Installs the emulator and the other pins in requirements.txt. Does nothing if they are installed already. */
export function installPythonTools(python: Python): Promise<void> {
  return installPackages(python, {
    folder: folders.python,
    requirements: packageFiles.pythonRequirements,
    name: "Python tools: pip install (about half a minute)",
    what: "the emulator",
  });
}

export interface PythonPackages {
  /** The folder of the virtual environment. */
  readonly folder: string;
  /** The requirements file, with hashes. */
  readonly requirements: string;
  /** The name of the step, as shown to the user. */
  readonly name: string;
  /** What the packages are called in an error message. */
  readonly what: string;
}

/** Installs pinned packages into a virtual environment. Does nothing if they are installed already. */
export async function installPackages(python: Python, packages: PythonPackages): Promise<void> {
  const { folder, requirements, name, what } = packages;
  const pins = [await readFile(requirements), python.version];
  await installOnce(folder, pins, name, async () => {
    await mustRun(python.binary, ["-m", "venv", folder], {
      failure: `${python.binary} cannot create a virtual environment: install its venv module (on Debian and Ubuntu: apt install python3-venv), then try again.`,
    });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
    await mustRun(
      path.join(folder, "bin", "python"),
      [...pip, "--require-hashes", "--only-binary=:all:", "--requirement", requirements],
      {
        logFile: path.join(folders.logs, `pip-${path.basename(folder)}.log`),
        failure: `pip could not install ${what}: check the network and pip's index setting, then try again.`,
      },
    );
  });
}

/** Installs Node.js in the Lambda runtime's major version, pinned in set-up/lambda-runtime. @returns the folder of `node` */
export async function installLambdaRuntime(): Promise<string> {
  const source = packageFiles.lambdaRuntime;
  const pins = [await readFile(path.join(source, "package-lock.json"))];
  await installOnce(folders.lambdaRuntime, pins, "Lambda's Node.js: npm ci (a few seconds)", async () => {
    await cp(source, folders.lambdaRuntime, { recursive: true });
    await mustRun("npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline"], {
      cwd: folders.lambdaRuntime,
      logFile: path.join(folders.logs, "lambda-runtime.log"),
      failure:
        "npm could not install Lambda's Node.js: check the network and npm's registry setting, then try again.",
    });
  });
  return lambdaRuntimeFolder();
}

/** @returns the folder of the `node` that {@link installLambdaRuntime} has installed */
export function lambdaRuntimeFolder(): string {
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  const name = `${prefix}-${process.platform}-${process.arch}`;
  const folder = path.join(folders.lambdaRuntime, "node_modules", name, "bin");
  if (existsSync(path.join(folder, "node"))) return folder;
  throw new UserError(
    `npm has no Node.js 22 for ${process.platform} on ${process.arch}: Linux and macOS on x64 and arm64 are supported`,
  );
}

/** Installs a tool unless its folder has a stamp with the same pins. The stamp is written last. */
export async function installOnce(
  folder: string,
  pins: readonly (string | Buffer)[],
  name: string,
  install: () => Promise<void>,
): Promise<void> {
  const hash = createHash("sha256");
  for (const pin of pins) hash.update(pin);
  const fingerprint = hash.digest("hex");
  const stamp = path.join(folder, ".installed");
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === fingerprint) return;
  await step(name, async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await install();
    await writeFile(stamp, fingerprint);
  });
}
