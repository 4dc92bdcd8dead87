import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { emulatorVersion } from "./emulator";

/** What was deployed when the emulator's state was last saved. */
export interface Checkpoint {
  /** The gateway's port, which is in the URLs that Terraform has recorded. */
  readonly port: number;
  /** Undefined if nothing was deployed. */
  readonly deployment?: Deployment | undefined;
}

export interface Deployment {
  /** SHA-256 of the synthesized stack. */
  readonly synthesized: string;
  /** From the Terraform state after the deployment. */
  readonly lineage: string;
  /** From the Terraform state after the deployment. */
  readonly serial: number;
}

interface Manifest extends Checkpoint {
  readonly emulator: string;
  /** SHA-256 of each file in the saved state, by path. */
  readonly files: Readonly<Record<string, string>>;
}

const manifestFile = "checkpoint.json";

/** Keeps a copy of the emulator's folder from its last clean stop. Call its methods only while the emulator is stopped. */
export class CheckpointStore {
  /** The emulator's folder while it runs. */
  readonly running: string;
  private readonly saved: string;
  private readonly next: string;
  private readonly previous: string;

  constructor(readonly folder: string) {
    this.running = path.join(folder, "running");
    this.saved = path.join(folder, "checkpoint");
    this.next = path.join(folder, "checkpoint.new");
    this.previous = path.join(folder, "checkpoint.old");
  }

  /**
   * Restores the emulator's folder to the last checkpoint.
   * @returns undefined if there is no checkpoint yet
   * @throws CheckpointLostError if the checkpoint cannot be used any more; the folder is then empty
   */
  async restore(): Promise<Checkpoint | undefined> {
    await rm(this.running, { recursive: true, force: true });
    await mkdir(this.running, { recursive: true });
    // A crash between the two renames in save() leaves only the previous checkpoint.
    const saved = [this.saved, this.previous].find((folder) => existsSync(folder));
    if (!saved) return undefined;
    try {
      const manifest: Manifest = JSON.parse(await readFile(path.join(saved, manifestFile), "utf8"));
      if (manifest.emulator !== emulatorVersion) {
        throw new CheckpointLostError(
          `it was written by MiniStack ${manifest.emulator}, and this is ${emulatorVersion}`,
        );
      }
      const state = path.join(saved, "state");
      const damaged = differences(manifest.files, await hashes(state));
      if (damaged.length > 0)
        throw new CheckpointLostError(`lost or damaged: ${damaged.slice(0, 3).join(", ")}`);
      await cp(state, this.running, { recursive: true });
      return { port: manifest.port, deployment: manifest.deployment };
    } catch (error) {
      await this.discard();
      if (error instanceof CheckpointLostError) throw error;
      throw new CheckpointLostError("its manifest cannot be read", { cause: error });
    }
  }

  /** Saves the emulator's folder. If it crashes at any point, this checkpoint or the previous one remains usable. */
  async save(checkpoint: Checkpoint): Promise<void> {
    await rm(this.next, { recursive: true, force: true });
    const state = path.join(this.next, "state");
    await cp(this.running, state, { recursive: true });
    const manifest: Manifest = { ...checkpoint, emulator: emulatorVersion, files: await hashes(state) };
    await writeFile(path.join(this.next, manifestFile), JSON.stringify(manifest, undefined, 2));
    if (existsSync(this.saved)) {
      await rm(this.previous, { recursive: true, force: true });
      await rename(this.saved, this.previous);
    }
    await rename(this.next, this.saved);
    await rm(this.previous, { recursive: true, force: true });
  }

  /** Deletes the checkpoint and the emulator's state. */
  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.running, { recursive: true });
  }
}

/** The last checkpoint cannot be used; the message says why. */
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
