import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { folders } from "../packages/laptop/folders";
import { findTerraform } from "../packages/laptop/set-up/requirements";
import { setUp } from "../packages/laptop/set-up/set-up";
import { readArguments } from "../packages/terminal/command-line";
import { say, step } from "../packages/terminal/progress";
import { UserError } from "../packages/terminal/user-error";
import { accountOfStack, stateBackendOf } from "../stacks/accounts";
import { environments } from "../stacks/environments";
import { acknowledgementsSince } from "./diff/acknowledgements";
import { EmulatedBase } from "./diff/emulated-base";
import { hasCredentials } from "./diff/has-credentials";
import { mergeBase } from "./diff/merge-base";
import { synthesize } from "./diff/synthesize";
import { awsFailure } from "./lib/aws-failure";
import { AwsTarget } from "./lib/aws-target";
import { stackIds } from "./lib/stack";
import { apiSnapshotNotes } from "./plan-guard/api-snapshots";
import { checkAcknowledgements } from "./plan-guard/check-acknowledgements";
import { type Judgement, judge } from "./plan-guard/judgement";
import { makePlan } from "./plan-guard/make-plan";
import { plannedChanges } from "./plan-guard/planned-changes";
import { failureSummary, markdownSummary, textSummary } from "./plan-guard/summary";

const usage = `npm run diff -- <stack>… [--base BRANCH] [--emulator] [--acknowledge LOSS]… [--markdown FILE]

Shows what this checkout would create, change, replace and destroy in the named stacks, and why. Like npm run plan-guard, it
refuses a change that would end, shorten, open, disable or empty something that holds data, serves callers or watches.

With AWS credentials it plans against the real state. It changes nothing, so read access is enough. Without credentials, or
with --emulator, it checks out the commit at which this branch left BRANCH, deploys it to a separate emulator, and plans against that. This
takes a few minutes. Ctrl-C stops it and leaves nothing behind.

To allow a loss, acknowledge what the refusal names, an address or an address and an attribute: with --acknowledge, or with
a trailer in a commit since BRANCH:
  Acknowledge-Loss: dev-stack aws_dynamodb_table.items-table_1F7CDFD5

--base       the branch that this one will be merged into. Default: main
--markdown   also writes the summary to FILE, for a pull request

Exit codes: 0 if nothing is refused, 1 if something is, 2 if a stack cannot be judged, 130 after Ctrl-C.`;

const outdir = path.join(folders.root, "diff", "head.out");

/** A stack's judgement, or the reason why there is none. */
type Outcome = Judgement | { readonly stack: string; readonly problem: string };

/** What the stacks are planned against, and Terraform's environment for that. */
interface PlanBase {
  readonly note: (stack: string) => string;
  readonly environmentFor: (stack: string, folder: string) => Promise<NodeJS.ProcessEnv>;
}

async function main(): Promise<void> {
  const given = readArguments({
    usage,
    flags: ["emulator"],
    repeated: ["base", "acknowledge", "markdown"],
    positionals: ["<stack>…"],
  });
  if (!given) process.exit(0);
  const { flags, repeated } = given;
  const stacks = [...new Set(given.positionals)];
  const unknown = stacks.filter((stack) => !stackIds().includes(stack));
  if (unknown.length > 0) {
    throw new UserError(`there is no stack ${unknown.join(", ")}: the app has ${stackIds().join(", ")}`);
  }
  const base = repeated.base.at(-1) ?? "main";
  const commit = await mergeBase(base);
  const trailers = await acknowledgementsSince(commit);
  const { binary: terraform } = await findTerraform();

  await step("synthesize", () => synthesize(process.cwd(), outdir, "this checkout"));
  const emulates = flags.emulator || !(await hasCredentials(environments[0].region));
  const planBase = emulates ? await emulate(terraform, { base, commit, stacks }) : realState();
  const outcomes: Outcome[] = [];
  for (const stack of stacks) {
    const acknowledged = [...repeated.acknowledge, ...(trailers.get(stack) ?? [])];
    const planned = (outcome: Outcome) => !("problem" in outcome);
    outcomes.push(
      await step(`plan ${stack}`, () => outcomeOf(stack, terraform, planBase, acknowledged), planned),
    );
  }
  const judgements = outcomes.flatMap((outcome) => ("problem" in outcome ? [] : [outcome]));
  if (judgements.length === outcomes.length) checkAcknowledgements(judgements, repeated.acknowledge);
  const summaries = (show: (judgement: Judgement) => string, format: "text" | "markdown") =>
    outcomes
      .map((outcome) => ("problem" in outcome ? failureSummary(outcome, format) : show(outcome)))
      .join("\n\n");
  for (const file of repeated.markdown) await writeFile(file, `${summaries(markdownSummary, "markdown")}\n`);
  await cleanUp();
  const exitCode = judgements.length < outcomes.length ? 2 : judgements.every(({ passed }) => passed) ? 0 : 1;
  process.stdout.write(`${summaries(textSummary, "text")}\n`, () => process.exit(exitCode));
}

let emulatedBase: EmulatedBase | undefined;
let interrupted = false;

async function emulate(
  terraform: string,
  {
    base,
    commit,
    stacks,
  }: { readonly base: string; readonly commit: string; readonly stacks: readonly string[] },
): Promise<PlanBase> {
  const ready = await setUp();
  emulatedBase = new EmulatedBase(terraform, ready, environments[0].region);
  const deployed = emulatedBase;
  const missing = await deployed.deploy(commit, stacks, folderOf);
  return {
    note: (stack) =>
      missing.includes(stack)
        ? `${base} at ${commit.slice(0, 10)} has no ${stack}: everything in it is new.`
        : `Planned against ${base} at ${commit.slice(0, 10)}, deployed to an emulator.`,
    environmentFor: (stack, folder) => deployed.preparePlan(stack, folder),
  };
}

function realState(): PlanBase {
  const target = new AwsTarget();
  return {
    note: (stack) => `Planned against the state in ${stateBackendOf(stack).bucket}.`,
    environmentFor: async (stack) => {
      await refuseOtherAccount(target, stack);
      return process.env;
    },
  };
}

async function refuseOtherAccount(target: AwsTarget, stack: string): Promise<void> {
  const id = accountOfStack(stack)?.account.id;
  if (!id) return;
  const { account, arn } = await target.caller().catch((cause: unknown) => {
    throw new UserError(`AWS cannot be called: ${awsFailure(cause)}`, { cause });
  });
  if (account === id) return;
  throw new UserError(
    `${stack} belongs in account ${id}, and ${arn} is in account ${account}: use credentials for ${id}, or plan against an emulator, with --emulator`,
  );
}

async function outcomeOf(
  stack: string,
  terraform: string,
  { note, environmentFor }: PlanBase,
  acknowledgements: readonly string[],
): Promise<Outcome> {
  const folder = folderOf(stack);
  try {
    const { plan, prevented } = await makePlan({
      stack,
      folder,
      terraform,
      env: await environmentFor(stack, folder),
      // Nobody applies this plan, so it does not need a lock. Without one it blocks nobody, and needs no write access.
      lock: false,
      logFile: (command) => path.join(folders.logs, "diff", `${stack}-${command}.log`),
    });
    return judge(
      {
        stack,
        changes: plannedChanges(plan),
        prevented,
        incomplete: plan.complete === false,
        notes: [note(stack), ...apiSnapshotNotes(stack, plan)],
      },
      acknowledgements,
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { stack, problem: error.message };
  }
}

function folderOf(stack: string): string {
  return path.join(outdir, "stacks", stack);
}

async function cleanUp(): Promise<void> {
  await emulatedBase?.remove();
  await rm(outdir, { recursive: true, force: true, maxRetries: 10 });
}

/** This process leads a process group (scripts/supervise.mjs) that includes everything it has started. */
function listenForInterruption(): void {
  process.once("SIGINT", async () => {
    interrupted = true;
    say("\n· interrupted: removing the emulator and the checkout");
    process.on("SIGTERM", () => {});
    process.kill(0, "SIGTERM");
    await cleanUp();
    process.exit(130);
  });
}

listenForInterruption();
main().catch(async (error: unknown) => {
  // The commands failed because they were ended on purpose, and the clean-up is under way.
  if (interrupted) return;
  await cleanUp();
  // Exit code 1 means that a change is refused.
  throw error instanceof UserError ? new UserError(error.message, { cause: error, exitCode: 2 }) : error;
});
