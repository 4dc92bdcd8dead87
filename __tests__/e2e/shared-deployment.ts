import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CheckpointStore, type Deployment } from "../../packages/laptop/checkpoint";
import { freePort } from "../../packages/laptop/free-port";
import { filesOf } from "../support/files-of";
import { ProjectCopy } from "../support/project-copy";
import { recordDeployment } from "../support/suite-usage";
import { Launcher, poll } from "./launcher";
import { linkTools } from "./tools";

/** Enough for a whole deployment on a busy machine. */
const deploySeconds = 400;
/** Until it has also stopped and been copied. */
const waitSeconds = 460;

/**
 * Creates a copy of the project in which dev-stack is already deployed, so that `npm start` serves it within seconds,
 * on its own port. All suites of a run share one deployment: the first suite that needs it makes it, the others wait.
 */
export async function copyWithDevStack(name = "clone"): Promise<ProjectCopy> {
  const checkpoint = await sharedCheckpoint();
  const copy = new ProjectCopy(name).linkDependencies();
  linkTools(copy.folder);
  await restore(checkpoint, path.join(copy.folder, ".local/state"));
  recordDeployment("dev-stack, deployed once for this run");
  return copy;
}

/** @returns the folder of the checkpoint that `npm start` wrote */
async function sharedCheckpoint(): Promise<string> {
  const run = process.env.E2E_RUN_FOLDER;
  if (!run) throw new Error("E2E_RUN_FOLDER is not set: run the tests with __tests__/e2e/jest.config.js");
  const checkpoint = path.join(run, "checkpoint");
  const failure = path.join(run, "failure");
  if (claimDeployment(run)) {
    await deploy(checkpoint).catch((error) => {
      writeFileSync(failure, `${error}`);
    });
  }
  const finished = await poll(() => existsSync(checkpoint) || existsSync(failure) || undefined, waitSeconds);
  if (!finished) throw new Error(`the run's shared deployment did not finish within ${waitSeconds} s`);
  if (existsSync(failure))
    throw new Error(`the run's shared deployment failed: ${readFileSync(failure, "utf8")}`);
  return checkpoint;
}

/** @returns whether the caller is the first one, and so must deploy */
function claimDeployment(run: string): boolean {
  try {
    mkdirSync(path.join(run, "deploying"));
    return true;
  } catch {
    return false;
  }
}

async function deploy(checkpoint: string): Promise<void> {
  const copy = new ProjectCopy("shared").linkDependencies();
  linkTools(copy.folder);
  const launcher = new Launcher(copy.folder);
  try {
    await launcher.waitFor(/Ctrl-C stops it/, deploySeconds);
    await launcher.interrupt();
    cpSync(path.join(copy.folder, ".local/state/checkpoint"), `${checkpoint}.new`, { recursive: true });
    renameSync(`${checkpoint}.new`, checkpoint);
  } finally {
    await launcher.interrupt();
    copy.remove();
  }
}

/**
 * Restores a checkpoint under a free port. Queue URLs, parameters and Terraform's state contain the emulator's port, so
 * it is replaced in all files.
 */
async function restore(checkpoint: string, target: string): Promise<void> {
  const manifest: { readonly port: number; readonly deployment: Deployment } = JSON.parse(
    readFileSync(path.join(checkpoint, "checkpoint.json"), "utf8"),
  );
  const port = await freePort();
  const running = path.join(target, "running");
  cpSync(path.join(checkpoint, "state"), running, { recursive: true });
  const changed = replaceIn(running, new Map([[`127.0.0.1:${manifest.port}`, `127.0.0.1:${port}`]]));
  // The emulator stores the checksums of each S3 object.
  replaceIn(running, new Map(changed.flatMap(({ before, after }) => [...checksums(before, after)])));
  await new CheckpointStore(target).save({ port, deployment: manifest.deployment });
}

interface ChangedFile {
  readonly before: Buffer;
  readonly after: Buffer;
}

/** Replaces texts in all files of a folder. @returns the files that it changed */
function replaceIn(folder: string, texts: ReadonlyMap<string, string>): readonly ChangedFile[] {
  return [...filesOf(folder)].flatMap(([name, before]) => {
    let content = before.toString("latin1");
    for (const [from, to] of texts) content = content.replaceAll(from, to);
    const after = Buffer.from(content, "latin1");
    if (after.equals(before)) return [];
    writeFileSync(path.join(folder, name), after);
    return [{ before, after }];
  });
}

/** A file's checksums before and after a change, in each form that S3 stores. */
function checksums(before: Buffer, after: Buffer): readonly (readonly [string, string])[] {
  const forms = [
    ["md5", "hex"],
    ["sha256", "base64"],
  ] as const;
  return forms.map(([algorithm, encoding]) => [
    createHash(algorithm).update(before).digest(encoding),
    createHash(algorithm).update(after).digest(encoding),
  ]);
}
