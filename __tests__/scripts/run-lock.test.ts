import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { campaignSize, campaignTimeoutMs } from "../support/campaign";

/** Takes each lock at the same moment as its rivals, and keeps what it has taken until its input ends. */
const contender = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const [module, folder, count, start, hardLinks] = process.argv.slice(2);
if (hardLinks === "none") {
  fs.linkSync = () => { throw Object.assign(new Error("EPERM"), { code: "EPERM" }); };
  syncBuiltinESMExports();
}
const { takeLock } = await import(module);
const taken = [];
for (let lock = 0; lock < Number(count); lock += 1) {
  while (Date.now() < Number(start) + lock * 2);
  if (takeLock(folder + "/" + lock) === undefined) taken.push(lock);
}
process.stdout.write(JSON.stringify(taken) + "\\n");
process.stdin.resume();
`;

describe("takeLock", () => {
  let folder: string;
  let contenders: ChildProcess[];

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "run-lock-")));
    contenders = [];
  });

  afterEach(() => {
    for (const child of contenders) child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  const stale = JSON.stringify({ pid: 2 ** 22, startTime: "1" });

  it.each([
    ["free", undefined, "hard links"],
    ["stale", stale, "hard links"],
    ["damaged", "{", "hard links"],
    ["free", undefined, "none"],
    ["stale", stale, "none"],
  ])(
    "gives each of many locks that were %s to exactly one of several rivals (content %s, with %s)",
    async (_, content, hardLinks) => {
      const locks = Array.from({ length: campaignSize(400, 4_000) }, (_, lock) => lock);
      if (content !== undefined)
        for (const lock of locks) writeFileSync(path.join(folder, `${lock}`), content);
      const file = path.join(folder, "contender.mjs");
      writeFileSync(file, contender);

      const taken = await Promise.all(
        [1, 2, 3, 4].map(async () => {
          const command = [file, path.resolve("scripts/run-lock.mjs"), folder, `${locks.length}`];
          const child = spawn(process.execPath, [...command, `${Date.now() + 1_000}`, hardLinks], {
            stdio: ["pipe", "pipe", "inherit"],
          });
          contenders.push(child);
          const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
          return JSON.parse(`${line}`) as number[];
        }),
      );

      expect(taken.flat().sort((one, other) => one - other)).toEqual(locks);
    },
    campaignTimeoutMs,
  );

  it("neither takes nor removes a lock that it cannot read", () => {
    const lock = path.join(folder, "unreadable");
    // Root can read every file, but not a folder.
    mkdirSync(lock);

    const taking = `import { takeLock } from ${JSON.stringify(path.resolve("scripts/run-lock.mjs"))}; takeLock(process.argv[1]);`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", taking, lock], {
      encoding: "utf8",
    });

    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("EISDIR") });
    expect(readdirSync(folder)).toEqual(["unreadable"]);
  });
});
