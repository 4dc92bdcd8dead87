import { markdownTable } from "../../packages/terminal/table";
import type { Loss } from "./judge-change";
import type { Judgement } from "./judgement";
import { count, type Kind, kinds, type PlannedChange } from "./planned-change";
import { verdict } from "./verdict";

const signs: Readonly<Record<Kind, string>> = {
  destroyed: "-",
  replaced: "-/+",
  forgotten: ".",
  changed: "~",
  moved: ">",
  imported: "<",
  created: "+",
};

/** For a terminal. */
export function textSummary(judgement: Judgement): string {
  const lines = judgement.changes.flatMap((change) => [
    `${signs[change.kind].padStart(3)} ${change.address}`,
    ...[...change.why, ...remarks(change)].map((line) => `      ${line}`),
  ]);
  return [
    `${judgement.stack}: ${counts(judgement)}`,
    ...judgement.notes,
    ...lines,
    ...verdict(judgement),
  ].join("\n");
}

/** For a pull request. */
export function markdownSummary(judgement: Judgement): string {
  const { stack, changes, passed, notes } = judgement;
  const isUnremarkable = ({ kind, losses, rejection }: PlannedChange) =>
    kind === "created" && losses.length === 0 && !rejection;
  const serious = changes.filter((change) => !isUnremarkable(change));
  const created = changes.filter(isUnremarkable);
  return [
    `### ${stack}: ${passed ? "passed" : "refused"}`,
    `${counts(judgement)}.`,
    ...notes,
    ...(passed ? verdict(judgement) : [["```", ...verdict(judgement).map(withoutTicks), "```"].join("\n")]),
    ...(serious.length > 0 ? [table(serious)] : []),
    ...(created.length > 0
      ? [`<details><summary>${created.length} created</summary>\n\n${table(created)}\n\n</details>`]
      : []),
  ].join("\n\n");
}

/** For a stack that could not be planned. */
export function failureSummary(
  { stack, problem }: { readonly stack: string; readonly problem: string },
  format: "text" | "markdown",
): string {
  if (format === "text") return problem;
  return [`### ${stack}: could not be planned`, ["```", withoutTicks(problem), "```"].join("\n")].join(
    "\n\n",
  );
}

/** For --json. */
export function jsonSummary({
  stack,
  changes,
  passed,
  refused,
  acknowledged,
  rejected,
  prevented,
  incomplete,
  notes,
}: Judgement): object {
  return {
    stack,
    passed,
    counts: Object.fromEntries(kinds.map((kind) => [kind, count(changes, kind)])),
    refused,
    acknowledged,
    rejected,
    prevented,
    incomplete,
    notes,
    changes,
  };
}

/** How many changes of each kind there are. Kinds without any are left out. */
function counts({ changes }: Judgement): string {
  if (changes.length === 0) return "no changes";
  return kinds
    .map((kind) => [count(changes, kind), kind] as const)
    .filter(([number]) => number > 0)
    .map(([number, kind]) => `${number} ${kind}`)
    .join(", ");
}

/** What is lost or rejected (`!`), who may do what (`›`), and what was not judged (`?`). */
function remarks({ losses, rejection, access, unjudged }: PlannedChange): string[] {
  return [
    ...(rejection ? [`! ${rejection}`] : []),
    ...losses.map((loss) => `! ${lossText(loss)}`),
    ...access.map((text) => `› ${text}`),
    ...(unjudged.length > 0 ? [`? not judged: ${unjudged.join(", ")}`] : []),
  ];
}

function lossText({ difference, text }: Loss): string {
  return difference ? `${difference}: ${text}` : text;
}

function table(changes: readonly PlannedChange[]): string {
  return markdownTable([
    ["", "resource", "why"],
    ...changes.map((change) => [
      change.kind,
      code(change.address),
      [
        ...(change.rejection ? [`**${plain(change.rejection)}**`] : []),
        ...change.losses.map(
          ({ difference, text }) => `**${difference ? `${code(difference)}: ` : ""}${plain(text)}**`,
        ),
        ...change.access.map((text) => `› ${code(text)}`),
        ...(change.unjudged.length > 0 ? [`? not judged: ${code(change.unjudged.join(", "))}`] : []),
        ...change.why.map(code),
      ].join("<br>"),
    ]),
  ]);
}

/** Shows a plan's text literally, so that it is never read as Markdown. */
function code(text: string): string {
  return `\`${withoutTicks(text)}\``;
}

/** A sentence that may name something from the plan, without what Markdown or HTML would read as its own. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function withoutTicks(text: string): string {
  return text.replaceAll("`", "'");
}
