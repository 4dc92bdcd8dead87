import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { say } from "../terminal/progress";
import { emulatorVersion } from "./emulator";
import { explainFileError, requireSpace, sizeOf } from "./free-space";

/** Bytes that must be free besides the state itself: it grows while it is served. */
const reserve = 10_000_000;

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

export interface SavedCheckpoint extends Checkpoint {
  /** The moment from which the saved state dates, in ISO 8601. It may or may not contain later changes. */
  readonly savedAt: string;
}

interface Manifest extends SavedCheckpoint {
  readonly emulator: string;
  /** SHA-256 of each file in the saved state, by path. */
  readonly files: Readonly<Record<string, string>>;
}

const manifestFile = "checkpoint.json";

/** Keeps a copy of the emulator's state. Only {@link saveSnapshot} may be called while the emulator runs. */
export class CheckpointStore {
  /** The emulator's folder while it runs. */
  readonly running: string;
  /** Where the emulator writes its state while it runs. */
  readonly snapshot: string;
  /** Exists while there may be changes that are not saved. */
  private readonly unsaved: string;
  private readonly saved: string;
  private readonly next: string;
  private readonly previous: string;

  constructor(readonly folder: string) {
    this.running = path.join(folder, "running");
    this.snapshot = path.join(folder, "snapshot");
    this.unsaved = path.join(folder, "unsaved");
    this.saved = path.join(folder, "checkpoint");
    this.next = path.join(folder, "checkpoint.new");
    this.previous = path.join(folder, "checkpoint.old");
  }

  /**
   * Restores the emulator's folder to the last checkpoint.
   * @returns undefined if there is no checkpoint yet
   * @throws CheckpointLostError if the checkpoint cannot be used any more; the folder is then empty
   * @throws UserError if it cannot be copied, for example to a full disk; the checkpoint is then kept
   */
  async restore(): Promise<SavedCheckpoint | undefined> {
    try {
      return await this.restoreSaved();
    } catch (error) {
      throw explainFileError(error, "the saved state could not be copied");
    }
  }

  /** Saves the emulator's folder. If it crashes at any point, this checkpoint or the previous one remains usable. */
  async save(checkpoint: Checkpoint): Promise<SavedCheckpoint> {
    return this.saveCopy(checkpoint, new Date(), (state) => cp(this.running, state, { recursive: true }));
  }

  /**
   * Saves what the emulator has written while it runs, with the same guarantee.
   * @param since the moment at which the emulator was asked to write it
   */
  async saveSnapshot(checkpoint: Checkpoint, since: Date): Promise<SavedCheckpoint> {
    return this.saveCopy(checkpoint, since, (state) => rename(this.snapshot, state));
  }

  /** @throws UserError if the disk has no space for another checkpoint */
  async requireSpace(): Promise<void> {
    // The emulator writes its state once more, and that is copied.
    await requireSpace(this.folder, 2 * (await sizeOf(this.running)) + reserve, "saving the state");
  }

  /**
   * Records that there may be changes from now on which are not saved. At once, because the change follows. If it cannot be
   * recorded, that is said: the next start would be silent about a loss.
   */
  markUnsaved(): void {
    try {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(this.unsaved, "");
    } catch (error) {
      const { message } = explainFileError(
        error,
        `${path.relative(".", this.unsaved)} could not be written`,
      ) as Error;
      say(`! ${message}: the next start will not say what is lost if this one is killed`);
    }
  }

  markSaved(): void {
    rmSync(this.unsaved, { force: true });
  }

  /** Whether the last run ended without saving its changes. */
  get hasUnsaved(): boolean {
    return existsSync(this.unsaved);
  }

  /** Deletes the checkpoint and the emulator's state. */
  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.running, { recursive: true });
  }

  private async restoreSaved(): Promise<SavedCheckpoint | undefined> {
    for (const folder of [this.running, this.snapshot, this.next]) {
      await rm(folder, { recursive: true, force: true });
    }
    await mkdir(this.running, { recursive: true });
    // A crash between the two renames in saveCopy() leaves only the previous checkpoint.
    const saved = [this.saved, this.previous].find((folder) => existsSync(folder));
    if (!saved) return undefined;
    const manifest = await this.check(saved).catch(async (error: unknown) => {
      if (error instanceof CheckpointLostError) await this.discard();
      throw error;
    });
    const state = path.join(saved, "state");
    await requireSpace(this.folder, 3 * (await sizeOf(state)) + reserve, "starting from the saved state");
    await cp(state, this.running, { recursive: true });
    const { port, deployment, savedAt } = manifest;
    return { port, deployment, savedAt };
  }

  private async check(saved: string): Promise<Manifest> {
    const manifest = await readManifest(path.join(saved, manifestFile));
    if (manifest.emulator !== emulatorVersion) {
      throw new CheckpointLostError(
        `it was written by MiniStack ${manifest.emulator}, but this is MiniStack ${emulatorVersion}`,
      );
    }
    const damaged = differences(manifest.files, await hashes(path.join(saved, "state")));
    if (damaged.length > 0)
      throw new CheckpointLostError(`lost or damaged: ${damaged.slice(0, 3).join(", ")}`);
    return manifest;
  }

  private async saveCopy(
    checkpoint: Checkpoint,
    since: Date,
    copyTo: (state: string) => Promise<void>,
  ): Promise<SavedCheckpoint> {
    try {
      await rm(this.next, { recursive: true, force: true });
      await mkdir(this.next, { recursive: true });
      const state = path.join(this.next, "state");
      await copyTo(state);
      const saved = { ...checkpoint, savedAt: since.toISOString() };
      const manifest: Manifest = { ...saved, emulator: emulatorVersion, files: await hashes(state) };
      await writeFile(path.join(this.next, manifestFile), JSON.stringify(manifest, undefined, 2));
      if (existsSync(this.saved)) {
        await rm(this.previous, { recursive: true, force: true });
        await rename(this.saved, this.previous);
      }
      await rename(this.next, this.saved);
      await rm(this.previous, { recursive: true, force: true });
      return saved;
    } catch (error) {
      await rm(this.next, { recursive: true, force: true }).catch(() => {});
      throw explainFileError(error, "the state could not be saved");
    }
  }
}

/** The last checkpoint cannot be used; the message says why. */
export class CheckpointLostError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = "CheckpointLostError";
  }
}

async function readManifest(file: string): Promise<Manifest> {
  try {
    // Earlier versions did not record the time.
    const savedAt = (await stat(file)).mtime.toISOString();
    return { savedAt, ...JSON.parse(await readFile(file, "utf8")) };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !isAbsent(error)) throw error;
    throw new CheckpointLostError("its manifest cannot be read", { cause: error });
  }
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

async function hashes(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    if (isAbsent(error)) return [];
    throw error;
  });
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

function differences(expected: Manifest["files"] = {}, actual: Manifest["files"]): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].filter((name) => expected[name] !== actual[name]);
}
