import { appendFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { folders } from "../../folders";

/** One line of .local/log/gateway.log: a gap that fails never fails a request. */
export async function report(gap: string, error: unknown): Promise<void> {
  const reason = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).replaceAll(
    /\s+/g,
    " ",
  );
  const line = `${new Date().toISOString()} ${gap}: ${reason}\n`;
  try {
    await mkdir(folders.logs, { recursive: true });
    await appendFile(path.join(folders.logs, "gateway.log"), line);
  } catch {
    // A full disk is no reason to end the emulator.
  }
}
