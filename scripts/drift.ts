import { readArguments } from "../packages/terminal/command-line";
import { step } from "../packages/terminal/progress";
import { markdownTable } from "../packages/terminal/table";
import { UserError } from "../packages/terminal/user-error";
import type { DriftFinding } from "./drift/drift-finding";
import { findDrift, synthesizedStack } from "./drift/find-drift";
import { countsOf, signs } from "./lib/finding";
import { readStack, stackIds } from "./lib/stack";
import { exitCode2OnError } from "./plan-guard/exit-code-2-on-error";
import { clientsOf } from "./verify/clients";

const usage = `npm run drift -- <stack> [--json | --markdown]

Shows what differs on AWS from what was deployed last, for example because somebody changed it by hand:
  as-planned      Terraform reads every resource of the stack's state again, and every attribute is compared.
  nothing-beside  What can be attached to these resources from outside is listed, and compared with the state: policies,
                  permissions, function URLs, event source mappings, subscriptions, rules, methods, stages and others.
Code that is not deployed yet is no drift. It reads only: it needs no lock, and no permission to write anything.

A finding marked ! can do no harm, and is only mentioned. One marked - could not be judged. docs/drift.md says what this
command cannot see.

Exit codes: 0 if there is no drift, 1 if there is, 2 if something could not be judged and nothing else was found.`;

async function main(): Promise<void> {
  const given = readArguments({ usage, flags: ["json", "markdown"], positionals: ["<stack>"] });
  if (!given) return;
  const { flags, positionals } = given;
  const [id = ""] = positionals;
  if (!stackIds().includes(id)) {
    throw new UserError(`there is no stack ${id}: the app has ${stackIds().join(", ")}`, { exitCode: 2 });
  }
  const started = Date.now();
  const findings = await step(
    `drift of ${id}`,
    async () => {
      const [stack, synthesized] = await Promise.all([readStack(id), synthesizedStack(id)]);
      const [{ region } = { region: "" }] = synthesized.provider.aws;
      return findDrift(stack, synthesized, clientsOf({ region }));
    },
    (found) => !found.some(({ verdict }) => verdict === "failed"),
  );
  const seconds = Math.round((Date.now() - started) / 1000);
  const report = flags.json
    ? JSON.stringify({ stack: id, ...outcomeOf(findings), seconds, findings }, undefined, 2)
    : flags.markdown
      ? markdown(id, findings, seconds)
      : text(findings, seconds);
  process.stdout.write(`${report}\n`);
  const { drift, judged } = outcomeOf(findings);
  process.exitCode = drift ? 1 : judged ? 0 : 2;
}

function outcomeOf(findings: readonly DriftFinding[]) {
  const has = (wanted: string) => findings.some(({ verdict }) => verdict === wanted);
  return { drift: has("failed"), judged: !has("unchecked") };
}

function text(findings: readonly DriftFinding[], seconds: number): string {
  const lines = findings.map(({ verdict, check, detail }) => `${signs[verdict]} ${check}  ${detail}`);
  return [...lines, "", `${countsOf(findings)} in ${seconds} s`].join("\n");
}

function markdown(id: string, findings: readonly DriftFinding[], seconds: number): string {
  const { drift, judged } = outcomeOf(findings);
  const verdict = drift ? "drift" : judged ? "no drift" : "could not be judged";
  return [
    `### ${id}: ${verdict}`,
    "",
    `${countsOf(findings)} in ${seconds} s.`,
    "",
    markdownTable([
      ["", "resource", "found"],
      ...findings.map(({ verdict: sign, check, detail }) => [signs[sign], `\`${check}\``, detail]),
    ]),
  ].join("\n");
}

void exitCode2OnError(main);
