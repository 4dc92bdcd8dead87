import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { folders } from "../packages/laptop/folders";
import { setUp } from "../packages/laptop/set-up/set-up";
import { readArguments } from "../packages/terminal/command-line";
import { type ReportDetail, say, step } from "../packages/terminal/progress";
import { runCommand } from "../packages/terminal/run-command";
import { markdownTable } from "../packages/terminal/table";
import { UserError } from "../packages/terminal/user-error";
import type { CampaignProgress } from "./campaign/campaign-progress";
import { jestTally, type Tally } from "./test/jest-tally";

const figures = path.resolve("bench/campaign.md");
const work = path.join(folders.root, "campaign");
const progressFile = path.join(work, "progress.jsonl");
const jestReport = path.join(work, "jest.json");

interface Outcome extends Tally {
  readonly figures: readonly string[];
}

interface Lane {
  readonly name: string;
  readonly does: string;
  /** A program in node_modules/.bin, with its arguments. */
  readonly command: readonly string[];
  /** Runs these tests with this program instead of Terraform, and only where it is installed. */
  readonly engine?: string;
  /** Whether its tests run at full size. @default true */
  readonly fullSize?: boolean;
  readonly outcome: (exitCode: number) => Outcome;
}

/** Runs suites of end-to-end tests. */
function endToEnd(...suites: readonly string[]): readonly string[] {
  return [
    ...["jest", "--ci", "--json", "--outputFile", jestReport],
    ...["--config", "__tests__/e2e/jest.config.js"],
    ...suites.map((suite) => `__tests__/e2e/${suite}.test.ts`),
  ];
}

const lanes: readonly Lane[] = [
  {
    name: "handlers",
    does: "the functions under fuzzed input, injected faults and the simulated stream mapping",
    command: ["jest", "--ci", "--json", "--outputFile", jestReport, "__tests__/lambda-src"],
    outcome: jestOutcome,
  },
  {
    name: "deployment",
    does: "npm start, stopped in every way at every step; every fault, injected into a live deployment and found by npm run verify; schemathesis with 2,000 examples per operation; the runbook's replay, and npm run destroy",
    command: endToEnd("start", "loss", "served-stack", "verify", "schemathesis", "runbook", "destroy"),
    outcome: jestOutcome,
  },
  {
    name: "drift",
    does: "every attribute that Terraform can change in place, changed on AWS, and each kind of thing attached from outside: how many of them npm run drift names",
    command: endToEnd("drift"),
    outcome: jestOutcome,
  },
  {
    name: "switches",
    does: "environments that cover every pair of switches in stacks/environments.ts, each deployed to an emulator",
    command: endToEnd("switches"),
    outcome: jestOutcome,
  },
  {
    name: "launcher",
    does: "many programs started at the same moment, with and without locks left behind by earlier ones",
    command: ["jest", "--ci", "--json", "--outputFile", jestReport, "supervise", "run-lock"],
    outcome: jestOutcome,
  },
  {
    name: "opentofu",
    does: "npm start, npm run verify, plan-guard, diff, state and destroy with OpenTofu",
    engine: "tofu",
    command: endToEnd(
      ...["start", "served-stack", "verify", "plan-guard", "planning-a-change", "state-commands", "destroy"],
    ),
    fullSize: false,
    outcome: jestOutcome,
  },
  {
    name: "plans",
    does: "plan-guard, with every attribute of every resource in every stack changed in every direction",
    command: ["jest", "--ci", "--json", "--outputFile", jestReport, "__tests__/scripts/plan-guard"],
    outcome: jestOutcome,
  },
  {
    name: "infrastructure",
    does: "every value of every stack's JSON mutated, for the guardrails and Terraform to find",
    command: endToEnd("infrastructure-mutation"),
    outcome: jestOutcome,
  },
  {
    name: "models",
    does: "all of AWS's service models: each operation's smallest request, requests that break one rule each, AWS's examples",
    command: [
      ...["jest", "--ci", "--json", "--outputFile", jestReport, "--testTimeout", "3600000"],
      "__tests__/packages/laptop/service-models",
    ],
    outcome: jestOutcome,
  },
  {
    name: "mutation",
    does: "the functions' tests against mutants, each with one wrong piece of code (Stryker)",
    command: ["stryker", "run", "__tests__/lambda-src/mutation/stryker.config.mjs", "--force"],
    // The tests run once per mutant.
    fullSize: false,
    outcome: (exitCode) => mutationOutcome(exitCode, { report: "report.json", scoreAtLeast: 90 }),
  },
  {
    name: "alarm-mutation",
    does: "the tests of the alarms' evaluation against mutants",
    command: ["stryker", "run", "__tests__/packages/alarms/mutation/stryker.config.mjs", "--force"],
    fullSize: false,
    outcome: (exitCode) => mutationOutcome(exitCode, { report: "alarms-report.json", scoreAtLeast: 95 }),
  },
];

const usage = `npm run campaign [-- --only <lane>]…

Runs the same tests as npm test at full size, and tests that are too slow to run every day. It takes about two hours on two cores.
${lanes.map(({ name, does }) => `  ${name.padEnd(15)} ${does}`).join("\n")}
--only takes a lane's name. Each lane's results are written to bench/campaign.md. A lane whose program is not installed is
skipped, and the output says so.

Exit codes: 0 if every lane that ran passed, 1 if one failed, 2 if it could not start or ran no lane.`;

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: [], repeated: ["only"] });
  if (!given) return;
  const { only } = given.repeated;
  const unknown = only.find((name) => !lanes.some((lane) => lane.name === name));
  if (unknown) {
    const names = lanes.map(({ name }) => name).join(", ");
    throw new UserError(`there is no lane ${unknown}: the lanes are ${names}`, { exitCode: 2 });
  }
  await setUp();
  let failed = 0;
  let passed = 0;
  const skipped: string[] = [];
  for (const lane of lanes.filter(({ name }) => only.length === 0 || only.includes(name))) {
    if (!(await isAvailable(lane))) {
      skipped.push(`${lane.name} (${lane.engine} is not installed)`);
      continue;
    }
    const outcome = await run(lane);
    passed += outcome.passed;
    failed += outcome.failed;
  }
  if (skipped.length > 0 && passed + failed === 0) {
    throw new UserError(`no lane ran: ${skipped.join(", ")}`, { exitCode: 2 });
  }
  const rest = skipped.length > 0 ? `, skipped: ${skipped.join(", ")}` : "";
  process.stdout.write(`${passed} passed, ${failed} failed${rest}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function isAvailable({ engine }: Lane): Promise<boolean> {
  return !engine || (await runCommand(engine, ["version"], { timeoutSeconds: 20 })).exitCode === 0;
}

async function run({ name, does, command, engine, fullSize = true, outcome }: Lane): Promise<Outcome> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const [binary = "", ...commandArguments] = command;
  const started = Date.now();
  const { exitCode, output } = await step(
    name,
    async (report) => {
      const timer = setInterval(() => fullSize && report(bars()), 1_000);
      try {
        return await runCommand(path.resolve("node_modules/.bin", binary), commandArguments, {
          env: {
            ...process.env,
            ...(fullSize && { CAMPAIGN: "1", CAMPAIGN_PROGRESS: progressFile }),
            ...(engine && { TERRAFORM_BINARY_NAME: engine }),
          },
          logFile: path.join(folders.logs, `campaign-${name}.log`),
          onLine: (line) => reportMutants(line, report),
        });
      } finally {
        clearInterval(timer);
      }
    },
    (result) => result.exitCode === 0,
  );
  const seconds = (Date.now() - started) / 1000;
  const result = outcome(exitCode);
  if (result.failed > 0) say(output.split("\n").slice(-60).join("\n"));
  for (const skipped of result.skipped) say(`! not run here: ${skipped}`);
  say(
    `· ${name}: ${result.passed} passed, ${result.failed} failed (${[does, ...result.figures].join("; ")})`,
  );
  await record(name, [
    does,
    `${result.passed}`,
    `${result.failed}`,
    result.figures.join("; "),
    `${Math.round(seconds / 60)} min`,
    new Date(started).toISOString().slice(0, 10),
  ]);
  return result;
}

/** One progress bar per running test. */
function bars(): string {
  return [...latest().values()]
    .filter(({ done, total }) => done < total)
    .map(({ what, done, total }) => {
      const share = done / total;
      const full = Math.floor(share * 20);
      return `[${"#".repeat(full)}${".".repeat(20 - full)}] ${Math.floor(share * 100)} % of ${total} ${what}`;
    })
    .join(", ");
}

function jestOutcome(exitCode: number): Outcome {
  const figures = [...latest().values()].map(({ what, done }) => `${done} ${what}`);
  return { ...jestTally(jestReport, exitCode), figures };
}

/** Each test's last progress report. */
function latest(): ReadonlyMap<string, CampaignProgress> {
  const lines = existsSync(progressFile) ? readFileSync(progressFile, "utf8").split("\n") : [];
  return new Map(
    lines
      .filter((line) => line.endsWith("}"))
      .map((line) => JSON.parse(line) as CampaignProgress)
      .map((progress) => [progress.what, progress]),
  );
}

/** Passes on Stryker's own progress: "Mutation testing 12% (elapsed: …) 34/567 tested (1 survived, 0 timed out)". */
function reportMutants(line: string, report: ReportDetail): void {
  const [progress] = /\d+% .*tested.*$/.exec(line) ?? [];
  if (progress) report(progress);
}

interface Mutant {
  /** Killed, Timeout, Survived, NoCoverage, Ignored, CompileError or RuntimeError. */
  readonly status: string;
}

interface MutationProps {
  /** Stryker's report, in `.local/stryker`. */
  readonly report: string;
  /** In percent. */
  readonly scoreAtLeast: number;
}

function mutationOutcome(exitCode: number, { report, scoreAtLeast }: MutationProps): Outcome {
  const mutationReport = path.join(folders.root, "stryker", report);
  if (!existsSync(mutationReport))
    return { passed: 0, failed: 1, skipped: [], figures: ["Stryker wrote no report"] };
  const files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>> = JSON.parse(
    readFileSync(mutationReport, "utf8"),
  ).files;
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  const count = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const found = count("Killed", "Timeout");
  const tried = found + count("Survived", "NoCoverage");
  // Stryker's own score leaves out mutants that it could not try. Here they count as missed.
  const all = mutants.length - count("Ignored");
  const score = (100 * found) / all;
  const isGood = exitCode === 0 && score >= scoreAtLeast;
  return {
    passed: isGood ? 1 : 0,
    failed: isGood ? 0 : 1,
    skipped: [],
    figures: [
      `score ${score.toFixed(1)} %, at least ${scoreAtLeast} %`,
      `${found} of ${all} mutants found${tried < all ? `, ${all - tried} not tried and counted as missed` : ""}`,
    ],
  };
}

/** Writes this lane's figures, and keeps the other lanes' last ones. */
async function record(name: string, cells: readonly string[]): Promise<void> {
  const before = existsSync(figures) ? readFileSync(figures, "utf8").split("\n") : [];
  const rows = new Map(
    before
      .filter((line) => line.startsWith("| ") && !line.startsWith("| lane |") && !line.startsWith("| --- |"))
      .map((line) => line.slice(2, -2).split(" | "))
      .map(([lane = "", ...others]) => [lane, others]),
  );
  rows.set(name, [...cells]);
  const table = markdownTable([
    ["lane", "what", "passed", "failed", "figures", "took", "on"],
    ...[...rows].map(([lane, others]) => [lane, ...others]),
  ]);
  await writeFile(
    figures,
    `# The campaign's last figures\n\nWritten by \`npm run campaign\`, on ${os.cpus().length} cores with Node.js ${process.versions.node}.\n\n${table}\n`,
  );
}

void main();
