import { execFile } from "node:child_process";
import { readdirSync, utimesSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { environments } from "../../stacks/environments";
import { engine } from "../support/engine";
import { filesOf } from "../support/files-of";
import { ProjectCopy } from "../support/project-copy";

const run = promisify(execFile);

describe("the synthesized stacks and bundles", () => {
  it("are the same bytes in another folder, with other file times and under another umask", async () => {
    const copies = [
      { copy: new ProjectCopy("copy").linkDependencies(), umask: "022", year: 2001 },
      { copy: new ProjectCopy("copy with a space").linkDependencies(), umask: "077", year: 2011 },
    ];

    const [first, second] = await Promise.all(
      copies.map(async ({ copy, umask, year }) => {
        setTimes(copy.folder, new Date(`${year}-01-01T00:00:00Z`));
        await synthesize(copy.folder, umask);
        return filesOf(path.join(copy.folder, "cdktf.out"));
      }),
    ).finally(() => {
      for (const { copy } of copies) copy.remove();
    });

    const files = [...(first?.keys() ?? [])];
    const stacks = ["account", ...environments.map(({ name }) => name)];
    expect(files.filter((file) => file.endsWith("/cdk.tf.json"))).toEqual(
      stacks.sort().map((name) => `stacks/${name}-stack/cdk.tf.json`),
    );
    // Each environment has two functions.
    expect(files.filter((file) => /^stacks\/.*\/index\.js$/.test(file))).toHaveLength(
      2 * environments.length,
    );
    expect(second?.size).toBe(files.length);
    expect(files.filter((file) => !second?.get(file)?.equals(first?.get(file) ?? Buffer.alloc(0)))).toEqual(
      [],
    );
  }, 60_000);
});

/** The times are also older than the installed dependencies, so no copy reinstalls them into the linked folder. */
function setTimes(folder: string, time: Date): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) setTimes(file, time);
    utimesSync(file, time, time);
  }
}

/** Synthesizes as `cdktf synth` does. The environment contains only the engine, and npm is not on the PATH. */
async function synthesize(folder: string, umask: string): Promise<void> {
  const script = `umask ${umask} && exec "$0" scripts/run.mjs main.ts`;
  const env = { PATH: "/nonexistent", ENGINE_MODULES: engine.modules };
  await run("/bin/sh", ["-c", script, process.execPath], { cwd: folder, env });
}
