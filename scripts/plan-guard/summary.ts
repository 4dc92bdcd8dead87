import { markdownTable } from "../../packages/terminal/table";
import type { Loss } from "./judge-change";
import type { Judgement } from "./judgement";
import { type Kind, kinds, type PlannedChange } from "./planned-change";

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
  const { stack, changes, refused, notes } = judgement;
  const serious = changes.filter(({ kind }) => kind !== "created");
  const created = changes.filter(({ kind }) => kind === "created");
  return [
    `### ${stack}: ${refused.length > 0 ? "refused" : "passed"}`,
    `${counts(judgement)}.`,
    ...notes,
    ...(refused.length > 0
      ? [["```", ...verdict(judgement).map(withoutTicks), "```"].join("\n")]
      : verdict(judgement)),
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
  refused,
  acknowledged,
  prevented,
  incomplete,
  notes,
}: Judgement): object {
  return {
    stack,
    passed: refused.length === 0,
    counts: Object.fromEntries(kinds.map((kind) => [kind, count(changes, kind)])),
    refused,
    acknowledged,
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

function count(changes: readonly PlannedChange[], kind: Kind): number {
  return changes.filter((change) => change.kind === kind).length;
}

/** What is lost (`!`), who may do what (`›`), and what was not judged (`?`). */
function remarks({ losses, access, unjudged }: PlannedChange): string[] {
  return [
    ...losses.map((loss) => `! ${lossText(loss)}`),
    ...access.map((text) => `› ${text}`),
    ...(unjudged.length > 0 ? [`? not judged: ${unjudged.join(", ")}`] : []),
  ];
}

function lossText({ difference, text }: Loss): string {
  return difference ? `${difference}: ${text}` : text;
}

function verdict(judgement: Judgement): string[] {
  const { changes, refused, acknowledged, prevented } = judgement;
  if (prevented) {
    return [
      "✗ refused, by Terraform as well: prevent_destroy protects what would be lost. If the loss is intended, deploy deletionProtection: false first",
    ];
  }
  if (refused.length > 0) {
    const options = refused.map((key) => `--acknowledge '${key}'`);
    return [
      `✗ refused: ${refused.length === 1 ? "1 loss" : `${refused.length} losses`}. Keep a resource's id and name, or move it (moveFromId); keep an attribute's value. If a loss is intended, acknowledge it:`,
      `  ${options.join(" ")}`,
    ];
  }
  if (acknowledged.length > 0)
    return [`✓ passed: ${acknowledged.join(", ")} acknowledged${reservations(judgement)}`];
  if (changes.length === 0) return [`✓ passed: nothing changes${reservations(judgement)}`];
  return [`✓ passed: no loss is known of in what changes${reservations(judgement)}`];
}

/** What a reviewer must still look at. */
function reservations({ changes, incomplete }: Judgement): string {
  const ofAccess = changes.filter(({ access }) => access.length > 0).length;
  const unjudged = changes.filter((change) => change.unjudged.length > 0).length;
  const forgotten = count(changes, "forgotten");
  return [
    ...(ofAccess > 0 ? [`. Review who may do what: ${ofAccess} (›)`] : []),
    ...(unjudged > 0 ? [`. Not judged, or not completely: ${unjudged} (?)`] : []),
    ...(incomplete
      ? [". The plan leaves out a part of the stack (-target, or deferred), which is not judged"]
      : []),
    ...(forgotten > 0 ? [`. Left on AWS, where Terraform no longer manages them: ${forgotten}`] : []),
  ].join("");
}

function table(changes: readonly PlannedChange[]): string {
  return markdownTable([
    ["", "resource", "why"],
    ...changes.map((change) => [
      change.kind,
      code(change.address),
      [
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
