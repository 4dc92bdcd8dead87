import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { folders } from "../packages/laptop/folders";
import { setUp } from "../packages/laptop/set-up/set-up";
import { say, step } from "../packages/terminal/progress";
import { runCommand } from "../packages/terminal/run-command";
import { UserError } from "../packages/terminal/user-error";
import { installCdktn } from "./test/cdktn";
import { installCheckov } from "./test/checkov";
import { jestTally, type Tally } from "./test/jest-tally";

interface Check {
  readonly name: string;
  /** Below node_modules/.bin. */
  readonly command: string;
  readonly arguments: readonly string[];
  /** Whether the command is jest, whose tests count one by one; any other check counts as one test. */
  readonly jest?: boolean;
  /** What this check alone needs; costs nothing where it is there. */
  readonly prepare?: () => Promise<void>;
}

/** Checks of one lane run one after the other, the lanes side by side: one waits for Terraform most of its time. */
const lanes: Readonly<Record<string, readonly Check[]>> = {
  sources: [
    { name: "format and lint", command: "biome", arguments: ["ci", "--colors=off"] },
    { name: "types", command: "tsc", arguments: ["--noEmit"] },
    {
      name: "functions' tests, each line and branch of lambda-src covered",
      command: "jest",
      arguments: ["__tests__/lambda-src", "--ci", "--coverage", "--coverageReporters=text-summary"],
      jest: true,
    },
    {
      name: "unit and synth tests",
      command: "jest",
      arguments: ["--ci", ...ignored("node_modules", "e2e", "checkov", "lambda-src")],
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
      name: "synth tests under cdktn",
      command: "jest",
      arguments: ["--ci", "--config", "engines/cdktn/jest.config.js"],
      jest: true,
      prepare: installCdktn,
    },
  ],
  deployment: [
    {
      name: "end-to-end tests (some minutes)",
      command: "jest",
      arguments: ["--ci", "--config", "__tests__/e2e/jest.config.js"],
      jest: true,
    },
  ],
};

/** Folders that have a check of their own; on the command line they take the place of those in jest.config.js. */
function ignored(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => ["--testPathIgnorePatterns", `/${folder}/`]);
}

async function main(): Promise<void> {
  await setUp();
  mkdirSync(folders.logs, { recursive: true });
  const tallies = await Promise.all(Object.entries(lanes).map(([lane, checks]) => runLane(lane, checks)));
  const sum = (of: keyof Tally) => tallies.flat().reduce((total, tally) => total + tally[of], 0);
  say("");
  process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed\n`);
  process.exitCode = sum("failed") === 0 ? 0 : 1;
}

async function runLane(lane: string, checks: readonly Check[]): Promise<Tally[]> {
  const started = Date.now();
  const tallies: Tally[] = [];
  for (const check of checks) tallies.push(await runCheck(check));
  say(`· lane ${lane}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return tallies;
}

async function runCheck(check: Check): Promise<Tally> {
  const { name, command, arguments: given, jest = false, prepare } = check;
  const report = path.join(folders.logs, `${name.replaceAll(/\W+/g, "-")}.json`);
  rmSync(report, { force: true });
  try {
    await prepare?.();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`✗ ${name}: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
  const { exitCode, output } = await step(
    name,
    (detail) =>
      runCommand(
        path.resolve("node_modules/.bin", command),
        [...given, ...(jest ? ["--json", "--outputFile", report] : [])],
        { onLine: (line) => /^(?:PASS|FAIL)/.test(line) && detail(line) },
      ),
    (result) => result.exitCode === 0,
  );
  const tally = jest
    ? jestTally(report, exitCode)
    : { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1 };
  if (tally.failed > 0) say(output);
  say(`· ${name}: ${tally.passed} passed, ${tally.failed} failed`);
  return tally;
}

void main();
