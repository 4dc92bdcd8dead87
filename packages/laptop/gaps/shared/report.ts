import { appendFile, mkdir } from "node:fs/promises";
import path from "node:path";

/** Records that a gap failed. It never throws: a failing gap must not fail a request. */
export type Report = (gap: string, error: unknown) => Promise<void>;

/** Appends one line per failure to gateway.log in this folder. */
export function reportTo(logs: string): Report {
  return async (gap, error) => {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const line = `${new Date().toISOString()} ${gap}: ${reason.replaceAll(/\s+/g, " ")}\n`;
    try {
      await mkdir(logs, { recursive: true });
      await appendFile(path.join(logs, "gateway.log"), line);
    } catch {
      // A full disk is no reason to stop the emulator.
    }
  };
}
