import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { emulatorVersion } from "./emulator";
import { folders } from "./folders";

/** What was deployed when the emulator's state was last saved. */
export interface Checkpoint {
  /** The gateway's port, which stands in the URLs that Terraform has recorded. */
  readonly port: number;
  /** What describes the deployed stack, or undefined where none was deployed. */
  readonly deployment?: Deployment | undefined;
}

export interface Deployment {
  /** SHA-256 of the stack as it was synthesized. */
  readonly synthesized: string;
  /** Of the Terraform state that the deployment left. */
  readonly lineage: string;
  readonly serial: number;
}

interface Manifest extends Checkpoint {
  readonly emulator: string;
  /** SHA-256 of each file of the saved state, by path. */
  readonly files: Readonly<Record<string, string>>;
}

const manifestFile = "checkpoint.json";
const next = `${folders.checkpoint}.new`;
const previous = `${folders.checkpoint}.old`;

/**
 * Brings the emulator's folder back to the last checkpoint. Call it while the emulator is down.
 * @returns undefined where there is none yet
 * @throws CheckpointLostError where there was one, which cannot be used any more; the folder is empty then
 */
export async function restoreCheckpoint(): Promise<Checkpoint | undefined> {
  await rm(folders.running, { recursive: true, force: true });
  await mkdir(folders.running, { recursive: true });
  // A crash between the two renames of saveCheckpoint leaves only the previous one.
  const saved = [folders.checkpoint, previous].find((folder) => existsSync(folder));
  if (!saved) return undefined;
  try {
    const manifest: Manifest = JSON.parse(await readFile(path.join(saved, manifestFile), "utf8"));
    if (manifest.emulator !== emulatorVersion) {
      throw new CheckpointLostError(`it is of emulator ${manifest.emulator}, this is ${emulatorVersion}`);
    }
    const state = path.join(saved, "state");
    const damaged = differences(manifest.files, await hashes(state));
    if (damaged.length > 0)
      throw new CheckpointLostError(`lost or damaged: ${damaged.slice(0, 3).join(", ")}`);
    await cp(state, folders.running, { recursive: true });
    return manifest;
  } catch (error) {
    await discardCheckpoint();
    if (error instanceof CheckpointLostError) throw error;
    throw new CheckpointLostError("its manifest cannot be read", { cause: error });
  }
}

/** Saves the emulator's folder. Call it after the emulator has stopped cleanly, and before it starts again. */
export async function saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
  await rm(next, { recursive: true, force: true });
  const state = path.join(next, "state");
  await cp(folders.running, state, { recursive: true });
  const manifest: Manifest = { ...checkpoint, emulator: emulatorVersion, files: await hashes(state) };
  await writeFile(path.join(next, manifestFile), JSON.stringify(manifest, undefined, 2));
  await rm(previous, { recursive: true, force: true });
  if (existsSync(folders.checkpoint)) await rename(folders.checkpoint, previous);
  await rename(next, folders.checkpoint);
  await rm(previous, { recursive: true, force: true });
}

export async function discardCheckpoint(): Promise<void> {
  await rm(folders.state, { recursive: true, force: true });
  await mkdir(folders.running, { recursive: true });
}

/** Its message says why the last checkpoint cannot be used. */
export class CheckpointLostError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = "CheckpointLostError";
  }
}

async function hashes(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const hashed = files.sort().map(async (file) => {
    const hash = createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
    return [path.relative(folder, file), hash];
  });
  return Object.fromEntries(await Promise.all(hashed));
}

function differences(expected: Manifest["files"], actual: Manifest["files"]): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].filter((name) => expected[name] !== actual[name]);
}
