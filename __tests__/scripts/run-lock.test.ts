import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { campaignSize, campaignTimeoutMs } from "../support/campaign";

/** Takes each lock at the same moment as its rivals, and keeps what it has taken until its input ends. */
const contender = `
const { takeLock } = await import(process.argv[2]);
const [folder, count, start] = process.argv.slice(3);
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

  it.each([
    ["free", undefined],
    ["stale", JSON.stringify({ pid: 2 ** 22, startTime: "1" })],
    ["damaged", "{"],
  ])(
    "gives each of many locks that were %s to exactly one of several rivals",
    async (_, content) => {
      const locks = Array.from({ length: campaignSize(400, 4_000) }, (_, lock) => lock);
      if (content !== undefined)
        for (const lock of locks) writeFileSync(path.join(folder, `${lock}`), content);
      const file = path.join(folder, "contender.mjs");
      writeFileSync(file, contender);

      const taken = await Promise.all(
        [1, 2, 3, 4].map(async () => {
          const command = [file, path.resolve("scripts/run-lock.mjs"), folder, `${locks.length}`];
          const child = spawn(process.execPath, [...command, `${Date.now() + 1_000}`], {
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
});
