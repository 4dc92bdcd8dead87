import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { UserError } from "../../packages/terminal/user-error";
import { treeMegabytes } from "./tree-megabytes";

/** A laptop in processes of its own, so that their memory can be told from that of other laptops. */
export class ServedLaptop {
  private constructor(
    private readonly child: ChildProcess,
    /** Deleted at the end. */
    readonly folder: string,
    readonly port: number,
    /** From the start of the command to the first request that it can serve. */
    readonly startSeconds: number,
  ) {}

  /** @param checks whether IAM and the service models are on */
  static async start(region: string, checks: boolean): Promise<ServedLaptop> {
    const folder = mkdtempSync(path.join(os.tmpdir(), "bench-laptop-"));
    const began = performance.now();
    const child = spawn(
      process.execPath,
      ["scripts/run.mjs", "bench/laptop/serve.ts", folder, region, checks ? "checks" : "no checks"],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    const [line] = await Promise.race([once(child.stdout, "data"), once(child, "exit").then(() => [])]);
    if (line === undefined)
      throw new UserError("the laptop did not start: run npm start once, and try again");
    const startSeconds = (performance.now() - began) / 1000;
    return new ServedLaptop(child, folder, Number(`${line}`), startSeconds);
  }

  /** The resident memory of the gateway, of the emulator and of its functions. */
  megabytes(): Promise<number> {
    return treeMegabytes(this.child.pid ?? 0);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, "exit");
    this.child.stdin?.end();
    await exited;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
