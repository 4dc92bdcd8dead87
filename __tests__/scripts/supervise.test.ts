import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { campaignSize, campaignTimeoutMs } from "../support/campaign";

/** Stands in for scripts/run.mjs: it serves until it is asked to stop. */
const program = `
if (process.env.LOCAL_AWS_ALREADY_RUNNING) {
  process.stderr.write("✗ " + process.env.LOCAL_AWS_ALREADY_RUNNING + "\\n");
  process.exit(1);
}
process.on("disconnect", () => process.kill(0, "SIGKILL"));
process.on("message", () => process.argv.includes("stubborn") || process.exit(0));
process.send({ name: "the gateway", ifKilled: "changes after noon are lost" });
process.stderr.write("serving as " + process.pid + "\\n");
setInterval(() => {}, 1000);
`;

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output: string;
}

describe("scripts/supervise.mjs", () => {
  let folder: string;
  let started: Started[];

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "supervise-")));
    started = [];
    mkdirSync(path.join(folder, "scripts"));
    for (const file of ["supervise.mjs", "run-lock.mjs"]) {
      cpSync(path.resolve("scripts", file), path.join(folder, "scripts", file));
    }
    writeFileSync(path.join(folder, "scripts/run.mjs"), program);
  });

  afterEach(async () => {
    for (const { child } of started) child.kill("SIGKILL");
    await Promise.all(started.map(({ ended }) => ended));
    rmSync(folder, { recursive: true });
  });

  const starts = campaignSize(5, 12);
  const rounds = Array.from({ length: campaignSize(1, 20) }, (_, round) => [round]);

  describe.each([
    ["without an earlier run", undefined],
    ["after a run that was killed", JSON.stringify({ pid: 2 ** 22, startTime: "1" })],
    ["after a run whose process id is in use again", JSON.stringify({ pid: process.pid, startTime: "1" })],
    ["after a power failure that left an empty lock", ""],
    ["after a power failure that left half a lock", '{"pid":'],
    ["after a run of an earlier version", JSON.stringify({ launcher: { pid: 1, startTime: "1" } })],
  ])("of several started at the same moment, %s", (_, lock) => {
    it.each(rounds)(
      "runs exactly one, and every other one says so (round %i)",
      async () => {
        if (lock !== undefined) plantLock(lock);

        for (let count = 0; count < starts; count += 1) start();
        await until(() => started.filter(hasEnded).length === starts - 1);

        expect(started.filter(({ output }) => output.includes("serving as"))).toHaveLength(1);
        const [running] = started.filter((one) => !hasEnded(one));
        const others = started
          .filter(hasEnded)
          .map(({ child, output }) => ({ code: child.exitCode, output }));
        const refused = { code: 1, output: expect.stringContaining(`as process ${running?.child.pid}`) };
        expect(others).toEqual(Array(starts - 1).fill(refused));
      },
      campaignTimeoutMs,
    );
  });

  it("is not blocked by a process that was killed while it replaced a stale lock", async () => {
    const [stale, alsoStale] = [2 ** 22, 2 ** 22 + 1].map((pid) => JSON.stringify({ pid, startTime: "1" }));
    plantLock(stale ?? "");
    plantLock(alsoStale ?? "", `run.json.${2 ** 22}-1`);

    start();

    await until(() => started[0]?.output.includes("serving as"));
  });

  it.each(["SIGINT", "SIGKILL"] as const)("lets the next one run after %s", async (signal) => {
    const first = start();
    await until(() => first.output.includes("serving as"));

    first.child.kill(signal);
    await first.ended;
    const second = start();
    await until(() => second.output.includes("serving as"));

    expect(hasEnded(second)).toBe(false);
  });

  it.each([
    ["SIGKILL", 137],
    ["SIGTERM", 143],
    ["SIGSEGV", 139],
  ] as const)("reports that the program alone was ended by %s, and what is lost", async (signal, code) => {
    const launcher = start();
    await until(() => launcher.output.includes("serving as"));

    process.kill(Number(/serving as (\d+)/.exec(launcher.output)?.[1]), signal);

    expect(await launcher.ended).toBe(code);
    expect(launcher.output).toMatch(
      new RegExp(
        `^✗ The gateway \\(process \\d+\\) was killed by ${signal}\\. .* Changes after noon are lost\\.$`,
        "m",
      ),
    );
  });

  it("reports that a second Ctrl-C killed the program, and what is lost", async () => {
    const launcher = start("stubborn");
    await until(() => launcher.output.includes("serving as"));

    launcher.child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 400));
    launcher.child.kill("SIGINT");

    expect(await launcher.ended).toBe(130);
    expect(launcher.output).toMatch(
      /^✗ Killed before it had finished stopping\. Changes after noon are lost\.$/m,
    );
  });

  it.each([
    ["the lock cannot be read", () => mkdirSync(path.join(folder, ".local/run.json"), { recursive: true })],
    ["its folder cannot be created", () => writeFileSync(path.join(folder, ".local"), "")],
  ])("says in one line that %s, without a stack trace", async (_, plant) => {
    plant();

    const launcher = start();

    expect(await launcher.ended).toBe(1);
    expect(launcher.output).toMatch(/^✗ \.local\/run\.json cannot be used as a lock: E[A-Z]+: .*\n$/);
  });

  it("leaves no lock behind", async () => {
    const launcher = start();
    await until(() => launcher.output.includes("serving as"));

    launcher.child.kill("SIGINT");
    await launcher.ended;

    expect(existsSync(path.join(folder, ".local/run.json"))).toBe(false);
  });

  function start(...programArguments: string[]): Started {
    const command = [path.join(folder, "scripts/supervise.mjs"), "any-program", ...programArguments];
    const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
    const one: Started = { child, output: "", ended: once(child, "close").then(([code]) => code) };
    const read = (chunk: Buffer) => {
      one.output += chunk;
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    started.push(one);
    return one;
  }

  function plantLock(content: string, name = "run.json"): void {
    mkdirSync(path.join(folder, ".local"), { recursive: true });
    writeFileSync(path.join(folder, ".local", name), content);
  }
});

function hasEnded({ child }: Started): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function until(condition: () => boolean | undefined): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`timed out, waiting for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
