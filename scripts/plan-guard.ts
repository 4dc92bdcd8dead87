import { readFile } from "node:fs/promises";
import path from "node:path";
import { folders } from "../packages/laptop/folders";
import { findTerraform } from "../packages/laptop/set-up/requirements";
import { readArguments } from "../packages/terminal/command-line";
import { step } from "../packages/terminal/progress";
import { mustRun } from "../packages/terminal/run-command";
import { UserError } from "../packages/terminal/user-error";
import { stackIds } from "./lib/stack";
import { apiSnapshotNotes } from "./plan-guard/api-snapshots";
import { checkAcknowledgements } from "./plan-guard/check-acknowledgements";
import { exitCode2OnError } from "./plan-guard/exit-code-2-on-error";
import { judge } from "./plan-guard/judgement";
import { type MadePlan, makePlan, shownPlan } from "./plan-guard/make-plan";
import { plannedChanges } from "./plan-guard/planned-changes";
import { readPlan } from "./plan-guard/read-plan";
import { jsonSummary, markdownSummary, textSummary } from "./plan-guard/summary";

const usage = `npm run plan-guard -- <stack> [--plan FILE] [--acknowledge LOSS]… [--json | --markdown]

Plans a stack and shows what would be created, changed, replaced and destroyed, and why. It refuses a plan that would end,
shorten, open, disable or empty something that holds data, serves callers or watches: a table, its recovery, a method's
authorization, an alarm's actions and others (scripts/plan-guard/rules). To allow a loss, acknowledge what the refusal
names: an address, or an address and an attribute. Other changes of access are told, and not refused.

The plan is kept in cdktf.out. Apply that plan:
  terraform -chdir=cdktf.out/stacks/<stack> apply plan
--plan judges an existing plan: a plan file next to the stack's cdk.tf.json, or the output of terraform show -json.

Exit codes: 0 if the plan may be applied, 1 if it is refused, 2 if it cannot be judged, because no plan can be made or an
acknowledgement matches nothing that would be lost.`;

async function main(): Promise<void> {
  const given = readArguments({
    usage,
    flags: ["json", "markdown"],
    repeated: ["plan", "acknowledge"],
    positionals: ["<stack>"],
  });
  if (!given) return;
  const { flags, repeated, positionals } = given;
  const [stack = ""] = positionals;
  const [file, second] = repeated.plan;
  if (second)
    throw new UserError(`--plan is given twice, the second time as ${second}\n\n${usage}`, { exitCode: 2 });

  const { plan, prevented } = file ? await givenPlan(file) : await madePlan(stack);
  const judgement = judge(
    {
      stack,
      changes: plannedChanges(plan),
      prevented,
      incomplete: plan.complete === false,
      notes: apiSnapshotNotes(stack, plan),
    },
    repeated.acknowledge,
  );
  checkAcknowledgements([judgement], repeated.acknowledge);
  const summary = flags.json
    ? JSON.stringify(jsonSummary(judgement), undefined, 2)
    : flags.markdown
      ? markdownSummary(judgement)
      : textSummary(judgement);
  process.stdout.write(`${summary}\n`);
  process.exitCode = judgement.passed ? 0 : 1;
}

async function givenPlan(file: string): Promise<MadePlan> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (cause) {
    throw new UserError(`${file} cannot be read: ${(cause as Error).message}`, { cause, exitCode: 2 });
  }
  if (content.subarray(0, 1).toString() === "{")
    return { plan: readPlan(`${content}`, file), prevented: false };
  const { binary: terraform } = await findTerraform();
  const folder = path.dirname(path.resolve(file));
  return { plan: await shownPlan({ terraform, folder }, path.basename(file)), prevented: false };
}

async function madePlan(stack: string): Promise<MadePlan> {
  if (!stackIds().includes(stack)) {
    throw new UserError(`there is no stack ${stack}: the app has ${stackIds().join(", ")}`, { exitCode: 2 });
  }
  const { binary: terraform } = await findTerraform();
  await step("synthesize", () =>
    mustRun(process.execPath, ["scripts/run.mjs", "main.ts"], {
      failure: "synthesizing the stacks failed:",
    }),
  );
  return step(`plan ${stack}`, () =>
    makePlan({
      stack,
      terraform,
      folder: path.resolve("cdktf.out/stacks", stack),
      logFile: (command) => path.join(folders.logs, `plan-guard-${stack}-${command}.log`),
    }),
  );
}

void exitCode2OnError(main);
