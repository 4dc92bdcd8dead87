import { readArguments } from "../packages/terminal/command-line";
import { onInterrupt } from "../packages/terminal/on-interrupt";
import { say, step } from "../packages/terminal/progress";
import { markdownTable } from "../packages/terminal/table";
import { UserError } from "../packages/terminal/user-error";
import { findDrift, synthesizedStack } from "./drift/find-drift";
import { awsFailure } from "./lib/aws-failure";
import { countsOf, type Finding, signs } from "./lib/finding";
import { type DeployedStack, readStack } from "./lib/stack";
import { allChecks } from "./verify/all-checks";
import { Deployment } from "./verify/deployment";
import { isNamed, runChecks } from "./verify/run-checks";

const usage = `npm run verify -- <stack> [--json | --markdown] [--except <check>]…

Proves that a deployed environment is as planned, that nothing else is attached to it, and that it works. The first two are
what npm run drift shows, under as-planned/ and nothing-beside/. For the third it calls the API the way its callers do. It
follows one request through logs, metrics and traces, one change to the event bus, and one failure to the dead-letter queue.
It reads back encryption, retention, access, recovery, concurrency and aliases, and compares them with
stacks/environments.ts. It takes a few minutes on AWS, and seconds on a laptop.

Everything it creates is named verify-… and is removed at the end, even after Ctrl-C. It touches nothing else. For a few minutes
the forced failure makes the alarms for the API function's errors and for the dead-letter queue fire. --except failures/
skips this failure. --except takes a check's name, or the name of a group of checks with its slash.

Exit codes: 0 if nothing failed, 1 if something did, 2 if it could not start, 130 after Ctrl-C. A check that could not be
made does not count as failed. The report says why.`;

async function main(): Promise<void> {
  const given = readArguments({
    usage,
    flags: ["json", "markdown"],
    repeated: ["except"],
    positionals: ["<stack>"],
  });
  if (!given) return;
  const { flags, repeated, positionals } = given;
  const unknown = repeated.except
    .filter((name) => !driftGroups.includes(name))
    .find((name) => !allChecks.some((check) => isNamed(check, name)));
  if (unknown) {
    const names = allChecks.map(({ name }) => name).join(", ");
    throw new UserError(`there is no check ${unknown}: the checks are ${names}`, { exitCode: 2 });
  }
  const interruption = new AbortController();
  const stack = await readStack(positionals[0] ?? "");
  const deployment = new Deployment(stack, interruption.signal);
  onInterrupt(() => {
    say("· interrupted: removing what this run created; press Ctrl-C again to stop immediately");
    interruption.abort();
  });

  const started = Date.now();
  const findings = await step(
    `checks of ${deployment.stackId}`,
    async (report) => {
      const [drift, works] = await Promise.all([
        driftOf(stack, deployment, repeated.except),
        runChecks(allChecks, deployment, { except: repeated.except, report }),
      ]);
      return [...drift, ...works];
    },
    (found) => found.every(({ verdict }) => verdict !== "failed"),
  );
  const left = await step(
    "clean up",
    () => deployment.cleanUp(awsFailure),
    (kept) => kept.length === 0,
  );
  const all: readonly Finding[] = [
    ...findings,
    left.length === 0
      ? { check: "clean-up", verdict: "passed", detail: "everything this run created was removed" }
      : { check: "clean-up", verdict: "failed", detail: `could not be removed: ${left.join("; ")}` },
  ];
  const seconds = Math.round((Date.now() - started) / 1000);
  const passed = all.every(({ verdict }) => verdict !== "failed");
  const report = flags.json
    ? JSON.stringify({ stack: deployment.stackId, passed, seconds, findings: all }, undefined, 2)
    : flags.markdown
      ? markdown(deployment.stackId, passed, all, seconds)
      : text(all, seconds);
  const exitCode = interruption.signal.aborted ? 130 : passed ? 0 : 1;
  process.stdout.write(`${report}\n`, () => process.exit(exitCode));
}

/** The names, for --except, of the two parts that npm run drift shows too. */
const driftGroups = ["as-planned/", "nothing-beside/"];

async function driftOf(
  stack: DeployedStack,
  { clients, signal }: Deployment,
  except: readonly string[],
): Promise<readonly Finding[]> {
  const skipped = driftGroups.filter((group) => except.includes(group));
  const findings =
    skipped.length < driftGroups.length
      ? await findDrift(stack, await synthesizedStack(stack.id), clients, signal)
      : [];
  return [
    ...findings.filter(({ check }) => !skipped.some((group) => check.startsWith(group))),
    ...skipped.map((group) => ({
      check: `${group}resources`,
      verdict: "unchecked" as const,
      detail: "skipped by --except",
    })),
  ];
}

function text(findings: readonly Finding[], seconds: number): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(
    ({ check, verdict, detail }) => `${signs[verdict]} ${check.padEnd(width)}  ${detail}`,
  );
  const failed = lines.filter((line) => line.startsWith(signs.failed));
  // After a long report, the failures are repeated at the end.
  const again = lines.length > 20 && failed.length > 0 ? ["", ...failed] : [];
  return [...lines, ...again, "", `${countsOf(findings)} in ${seconds} s`].join("\n");
}

function markdown(stack: string, passed: boolean, findings: readonly Finding[], seconds: number): string {
  const rows = (wanted: readonly Finding[]) =>
    markdownTable([
      ["", "check", "found"],
      ...wanted.map(({ check, verdict, detail }) => [signs[verdict], `\`${check}\``, detail]),
    ]);
  const notable = findings.filter(({ verdict }) => verdict !== "passed");
  return [
    `### ${stack}: ${passed ? "verified" : "failed"}`,
    "",
    `${countsOf(findings)} in ${seconds} s.`,
    ...(notable.length > 0 ? ["", rows(notable)] : []),
    "",
    "<details><summary>Passed</summary>",
    "",
    rows(findings.filter(({ verdict }) => verdict === "passed")),
    "",
    "</details>",
  ].join("\n");
}

void main();
