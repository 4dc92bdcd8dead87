import { readdir, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../terminal/user-error";

const megabyte = 1_000_000;

/** @returns the bytes that a folder's files take, 0 if it does not exist */
export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(path.join(entry.parentPath, entry.name)).then(
          ({ size, blocks }) => Math.max(size, blocks * 512),
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * @param what needs the space, as the subject of a sentence: "saving the state"
 * @throws UserError if the file system of the folder has less free space
 */
export async function requireSpace(folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new UserError(
    `${what} needs ${megabytes(bytes)} MB in ${path.relative(".", folder)}, and its disk has ${Math.floor(free / megabyte)} MB free: free at least ${megabytes(bytes - free)} MB more`,
  );
}

/**
 * Explains a file system error, such as a full disk, without a stack trace.
 * @param what failed, as the beginning of a sentence: "the state could not be saved"
 */
export function explainFileError(error: unknown, what: string): unknown {
  const { code, path: file, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof UserError || !code || !syscall) return error;
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: "the disk is full",
    EDQUOT: "the disk quota is used up",
    EROFS: "the file system is read-only",
    EACCES: "permission denied",
    EPERM: "permission denied",
  };
  const where = file ? `, at ${path.relative(".", file)}` : "";
  return new UserError(`${what}: ${reasons[code] ?? code}${where}`, { cause: error });
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / megabyte);
}
