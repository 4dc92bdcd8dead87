import { readArguments } from "../packages/terminal/command-line";
import { UserError } from "../packages/terminal/user-error";
import { allProbes } from "./doctor/all-probes";
import { credentials } from "./doctor/credentials";
import { type Diagnosis, failed, type Probe } from "./doctor/probe";
import { awsFailure } from "./lib/aws-failure";
import { AwsTarget } from "./lib/aws-target";
import { countsOf, type Finding, signs } from "./lib/finding";

const usage = `npm run doctor [-- --json]

Checks everything that a deployment needs, on this machine and in the AWS account of your credentials: tools, credentials,
Regions, the state bucket and its locks, quotas, bucket names that are already taken, the clock. For each problem it tells
you how to fix it. It takes less than ten seconds. The only thing it changes is a lock of its own in the state bucket,
which it releases again.

Exit codes: 0 if nothing failed, 1 otherwise.`;

/** No probe may delay the report longer than this. */
const timeoutSeconds = 8;

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: ["json"] });
  if (!given) return;
  const target = new AwsTarget();
  const findings = await Promise.all(allProbes.map((probe) => diagnose(probe, target)));
  const well = findings.every(({ verdict }) => verdict !== "failed");
  const report = given.flags.json ? JSON.stringify({ well, findings }, undefined, 2) : text(findings);
  process.stdout.write(`${report}\n`, () => process.exit(well ? 0 : 1));
}

async function diagnose(probe: Probe, target: AwsTarget): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Diagnosis>((resolve) => {
    const late = failed(`no response within ${timeoutSeconds} s`, "check the network, and try again");
    timer = setTimeout(resolve, timeoutSeconds * 1000, late);
  });
  const run = probe.run(target).catch(async (error: unknown): Promise<Diagnosis> => {
    const noCaller = await target.caller().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    // The credentials probe already reports the cause.
    if (noCaller !== undefined && probe !== credentials && !(error instanceof UserError)) {
      return { verdict: "unchecked", detail: `AWS cannot be called: see ${credentials.name}` };
    }
    return { verdict: "failed", detail: error instanceof UserError ? error.message : awsFailure(error) };
  });
  try {
    return { check: probe.name, ...(await Promise.race([run, timeout])) };
  } finally {
    clearTimeout(timer);
  }
}

function text(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, verdict, detail, remedy }) => [
    `${signs[verdict]} ${check.padEnd(width)}  ${detail}`,
    ...(remedy ? [`${" ".repeat(width + 4)}→ ${remedy}`] : []),
  ]);
  return [...lines, "", countsOf(findings)].join("\n");
}

void main();
