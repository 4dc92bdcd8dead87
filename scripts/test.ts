import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { folders } from "../packages/laptop/folders";
import { setUp } from "../packages/laptop/set-up/set-up";
import { readArguments } from "../packages/terminal/command-line";
import { say, step } from "../packages/terminal/progress";
import { runCommand } from "../packages/terminal/run-command";
import { UserError } from "../packages/terminal/user-error";
import { budgetSeconds, type Lane, laneNames } from "./test/budget-seconds";
import { installCdktn } from "./test/cdktn";
import { installCheckov } from "./test/checkov";
import { childrenCpuSeconds } from "./test/children-cpu-seconds";
import { jestTally, type Tally } from "./test/jest-tally";
import { usageTable } from "./test/usage-table";

interface Check {
  readonly name: string;
  /** Below node_modules/.bin. */
  readonly command: string;
  readonly arguments: readonly string[];
  /** Whether the command is jest, whose tests count one by one; any other check counts as one test. */
  readonly jest?: boolean;
  /**
   * Whether other checks get the CPU first. Tests that measure time do not give way, and neither do deployments, which
   * mostly wait. @default true
   */
  readonly givesWay?: boolean;
  /** What this check alone needs; does nothing if it is already installed. */
  readonly prepare?: () => Promise<void>;
}

/** The lanes run in parallel, because one mostly waits for Terraform. The checks within a lane run in sequence. */
const lanes: Readonly<Record<Lane, readonly Check[]>> = {
  sources: [
    { name: "format and lint", command: "biome", arguments: ["ci", "--colors=off"] },
    { name: "types", command: "tsc", arguments: ["--noEmit"] },
    {
      name: "import directions",
      command: "depcruise",
      arguments: ["."],
    },
    {
      name: "unit and synth tests",
      command: "jest",
      arguments: ["--ci", ...ignored("node_modules", "checkov", "e2e", "engines", "lambda-src")],
      jest: true,
    },
    {
      name: "checkov",
      command: "jest",
      arguments: ["--ci", "--config", "__tests__/checkov/jest.config.js"],
      jest: true,
      prepare: installCheckov,
    },
    {
      name: "types under cdktn",
      command: "tsc",
      arguments: ["--noEmit", "--project", "engines/cdktn"],
      prepare: installCdktn,
    },
    {
      name: "both engines: the same stacks, and what can differ under cdktn",
      command: "jest",
      arguments: ["--ci", "--config", "engines/cdktn/jest.config.js"],
      jest: true,
      prepare: installCdktn,
    },
    {
      name: "functions' tests, each line and branch of lambda-src covered",
      command: "jest",
      arguments: ["__tests__/lambda-src", "--ci", "--coverage", "--coverageReporters=text-summary"],
      jest: true,
      givesWay: false,
    },
  ],
  deployment: [
    {
      name: "end-to-end tests (several minutes)",
      command: "jest",
      arguments: ["--ci", "--config", "__tests__/e2e/jest.config.js"],
      jest: true,
      givesWay: false,
    },
  ],
};

const usageFile = path.join(folders.logs, "suites.jsonl");

/** Folders that have a check of their own; on the command line they replace those in jest.config.js. */
function ignored(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => ["--testPathIgnorePatterns", `/${folder}/`]);
}

const usage = `npm test

Runs every check that a change must pass. CONTRIBUTING.md says how to run one test file.

Exit codes: 0 if everything passed, 1 otherwise.`;

async function main(): Promise<void> {
  if (!readArguments({ usage, flags: [] })) return;
  await setUp();
  mkdirSync(folders.logs, { recursive: true });
  rmSync(usageFile, { force: true });
  process.env.TEST_USAGE = usageFile;
  const tallies = await Promise.all(laneNames.map((lane) => runLane(lane, lanes[lane])));
  const sum = (of: "passed" | "failed") => tallies.flat().reduce((total, tally) => total + tally[of], 0);
  say(`\n${usageTable(usageFile)}\n`);
  say(`· ${seconds(process.uptime())} in total, ${seconds(childrenCpuSeconds())} of CPU time\n`);
  process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed\n`);
  process.exitCode = sum("failed") === 0 ? 0 : 1;
}

async function runLane(lane: Lane, checks: readonly Check[]): Promise<Tally[]> {
  const started = Date.now();
  // An installation waits for the network most of the time, so it runs alongside the first checks.
  const preparations = new Set(checks.flatMap(({ prepare }) => prepare ?? []));
  const prepared = new Map([...preparations].map((prepare) => [prepare, prepareEarly(prepare)]));
  const tallies: Tally[] = [];
  for (const check of checks)
    tallies.push(await runCheck(check, check.prepare && prepared.get(check.prepare)));
  const taken = (Date.now() - started) / 1000;
  const budget = budgetSeconds[lane];
  const verdict = taken > budget ? `, over its budget of ${seconds(budget)}` : "";
  say(`${verdict ? "!" : "·"} lane ${lane}: ${seconds(taken)}${verdict}`);
  return tallies;
}

/** @returns what went wrong, if it is for the user to fix */
function prepareEarly(prepare: () => Promise<void>): Promise<UserError | undefined> {
  return prepare().then(
    () => undefined,
    (error) => {
      if (error instanceof UserError) return error;
      throw error;
    },
  );
}

function seconds(value: number): string {
  return `${value.toFixed(0)} s`;
}

async function runCheck(check: Check, prepared: Promise<UserError | undefined> | undefined): Promise<Tally> {
  const { name, command, arguments: given, jest = false, givesWay = true } = check;
  const report = path.join(folders.logs, `${name.replaceAll(/\W+/g, "-")}.json`);
  rmSync(report, { force: true });
  const failure = await prepared;
  if (failure) {
    say(`✗ ${name}: ${failure.message}`);
    return { passed: 0, failed: 1, skipped: [] };
  }
  const { exitCode, output } = await step(
    name,
    (detail) =>
      runCommand(
        "nice",
        [
          ...["-n", givesWay ? "5" : "0", path.resolve("node_modules/.bin", command)],
          ...[...given, ...(jest ? ["--json", "--outputFile", report] : [])],
        ],
        { onLine: (line) => /^(?:PASS|FAIL)/.test(line) && detail(line) },
      ),
    (result) => result.exitCode === 0,
  );
  const tally = jest
    ? jestTally(report, exitCode)
    : { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: [] };
  if (tally.failed > 0) say(output);
  for (const skipped of tally.skipped) say(`! not run here: ${skipped}`);
  say(`· ${name}: ${tally.passed} passed, ${tally.failed} failed`);
  return tally;
}

void main();
