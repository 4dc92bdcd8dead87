import { readArguments } from "../packages/terminal/command-line";
import { UserError } from "../packages/terminal/user-error";
import { accountProbes, credentials } from "./doctor/account";
import { quotaProbes } from "./doctor/names-and-quotas";
import { type Diagnosis, failed, type Probe } from "./doctor/probe";
import { stateBucketProbes } from "./doctor/state-bucket";
import { Surroundings } from "./doctor/surroundings";
import { toolProbes } from "./doctor/tools";
import { awsFailure } from "./lib/aws-failure";
import { countsOf, type Finding, signs } from "./lib/finding";

const usage = `npm run doctor [-- --json]

Looks at all that a deployment needs, here and in the AWS account that your credentials are of: tools, credentials, Region,
the state's bucket and its locks, quotas, names that others have taken, the clock. It takes a lock of its own in the state's
bucket and gives it back, and changes nothing else. It takes less than ten seconds.

Exits with 0 where nothing failed, else with 1.`;

/** No probe may keep the others' answers waiting. */
const boundSeconds = 8;

const probes: readonly Probe[] = [...toolProbes, ...accountProbes, ...stateBucketProbes, ...quotaProbes];

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: ["json"] });
  if (!given) return;
  const surroundings = new Surroundings();
  const findings = await Promise.all(probes.map((probe) => diagnose(probe, surroundings)));
  const well = findings.every(({ verdict }) => verdict !== "failed");
  const report = given.flags.json ? JSON.stringify({ well, findings }, undefined, 2) : text(findings);
  process.stdout.write(`${report}\n`, () => process.exit(well ? 0 : 1));
}

async function diagnose(probe: Probe, surroundings: Surroundings): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<Diagnosis>((resolve) => {
    const late = failed(`no answer within ${boundSeconds} s`, "look at the network, and try again");
    timer = setTimeout(resolve, boundSeconds * 1000, late);
  });
  const run = probe.run(surroundings).catch(async (error: unknown): Promise<Diagnosis> => {
    const unknown = await surroundings.caller().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    // One line about it is enough.
    if (unknown !== undefined && probe.name !== credentials && !(error instanceof UserError)) {
      return { verdict: "unchecked", detail: `AWS cannot be asked: see ${credentials}` };
    }
    return { verdict: "failed", detail: error instanceof UserError ? error.message : awsFailure(error) };
  });
  try {
    return { check: probe.name, ...(await Promise.race([run, bound])) };
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
