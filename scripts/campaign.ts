import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { folders } from "../packages/laptop/folders";
import { setUp } from "../packages/laptop/set-up/set-up";
import { readArguments } from "../packages/terminal/command-line";
import { say, step } from "../packages/terminal/progress";
import { runCommand } from "../packages/terminal/run-command";
import { UserError } from "../packages/terminal/user-error";
import { bars, progressFile, reportMutants, work } from "./campaign/campaign-progress";
import { type Lane, lanes } from "./campaign/lanes";
import type { Outcome } from "./campaign/outcomes";
import { record } from "./campaign/record";

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

void main();
