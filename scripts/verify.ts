import { readArguments } from "../packages/terminal/command-line";
import { say, step } from "../packages/terminal/progress";
import { markdownTable } from "../packages/terminal/table";
import { UserError } from "../packages/terminal/user-error";
import { awsFailure } from "./lib/aws-failure";
import { countsOf, type Finding, signs } from "./lib/finding";
import { readStack } from "./lib/stack";
import { allChecks } from "./verify/all-checks";
import { Deployment } from "./verify/deployment";
import { isNamed, runChecks } from "./verify/run-checks";

const usage = `npm run verify -- <stack> [--json | --markdown] [--except <check>]…

Proves that a deployed environment works and is as it should be, by what is live: its API is called as its callers call it,
one request is followed through logs, metrics and traces, one change to the event bus, one failure to the dead-letter queue;
encryption, retention, access, recovery, concurrency and aliases are read back. Some minutes on AWS, seconds on a laptop.

All that it makes has a name of its own, verify-…, and is removed in the end, after Ctrl-C as well; nothing else is touched.
The failure that it forces sets off the alarms of the API function's errors and of the dead-letter queue for some minutes:
--except failures/ leaves it out. --except takes a check's name, or a part's with its slash.

Exits with 0 where nothing failed, with 1 where something did, with 2 where it could not begin, with 130 after Ctrl-C. What
could not be checked has not failed: the report says why.`;

async function main(): Promise<void> {
  const given = readArguments({
    usage,
    flags: ["json", "markdown"],
    repeated: ["except"],
    positionals: ["<stack>"],
  });
  if (!given) return;
  const { flags, repeated, positionals } = given;
  const unknown = repeated.except.find((name) => !allChecks.some((check) => isNamed(check, name)));
  if (unknown) {
    const names = allChecks.map(({ name }) => name).join(", ");
    throw new UserError(`there is no check ${unknown}: there are ${names}`, { exitCode: 2 });
  }
  const interruption = new AbortController();
  const deployment = new Deployment(await readStack(positionals[0] ?? ""), interruption.signal);
  listenForInterruption(interruption);

  const started = Date.now();
  const findings = await step(`checks of ${deployment.stackId}`, (report) =>
    runChecks(allChecks, deployment, { except: repeated.except, report }),
  );
  const left = await step("remove what was made", () => deployment.cleanUp(awsFailure));
  const all: readonly Finding[] = [
    ...findings,
    left.length === 0
      ? { check: "clean-up", verdict: "passed", detail: "all that was made is gone" }
      : { check: "clean-up", verdict: "failed", detail: `still there: ${left.join("; ")}` },
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

/** The first time what was made is removed; the second time all ends at once. */
function listenForInterruption(interruption: AbortController): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(130);
      say("· interrupted: what was made is removed; once more ends it at once");
      interruption.abort();
    });
  }
}

function text(findings: readonly Finding[], seconds: number): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(
    ({ check, verdict, detail }) => `${signs[verdict]} ${check.padEnd(width)}  ${detail}`,
  );
  const failed = lines.filter((line) => line.startsWith(signs.failed));
  // What failed is seen without scrolling.
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
    `### ${stack}: ${passed ? "verified" : "not as it should be"}`,
    "",
    `${countsOf(findings)} in ${seconds} s.`,
    ...(notable.length > 0 ? ["", rows(notable)] : []),
    "",
    "<details><summary>What passed</summary>",
    "",
    rows(findings.filter(({ verdict }) => verdict === "passed")),
    "",
    "</details>",
  ].join("\n");
}

void main();
