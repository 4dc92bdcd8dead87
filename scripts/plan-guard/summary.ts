import { markdownTable } from "../../packages/terminal/table";
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
    ...[...change.why, ...alarming(change).map((line) => `! ${line}`)].map((line) => `      ${line}`),
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
export function jsonSummary({ stack, changes, refused, acknowledged, prevented, notes }: Judgement): object {
  const addresses = (of: readonly PlannedChange[]) => of.map(({ address }) => address);
  return {
    stack,
    passed: refused.length === 0,
    counts: Object.fromEntries(kinds.map((kind) => [kind, count(changes, kind)])),
    refused: addresses(refused),
    acknowledged: addresses(acknowledged),
    prevented,
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

function verdict({ refused, acknowledged, prevented }: Judgement): string[] {
  if (prevented) {
    return [
      "✗ refused, by Terraform as well: prevent_destroy protects what would be lost. If the loss is intended, deploy deletionProtection: false first",
    ];
  }
  const rejected = refused.filter(({ rejection }) => rejection);
  const lost = refused.filter(({ rejection }) => !rejection);
  const rejections =
    rejected.length > 0
      ? [
          `✗ refused: AWS would reject ${rejected.map(({ address }) => address).join(", ")} in the middle of the deployment`,
        ]
      : [];
  if (lost.length > 0) {
    const options = lost.map(({ address }) => `--acknowledge '${address}'`);
    return [
      ...rejections,
      `✗ refused: ${lost.length} ${lost.length === 1 ? "resource" : "resources"} would be lost. Keep the construct's id and name, or move it (moveFromId). If the loss is intended, acknowledge it:`,
      `  ${options.join(" ")}`,
    ];
  }
  if (rejections.length > 0) return rejections;
  if (acknowledged.length > 0)
    return [`✓ passed: ${acknowledged.map(({ address }) => address).join(", ")} acknowledged`];
  return ["✓ passed: no data and nothing callers depend on would be destroyed or replaced"];
}

/** What a reviewer must not miss about a change. */
function alarming({ loss, rejection }: PlannedChange): string[] {
  return [loss, rejection].filter((line) => line !== undefined);
}

function table(changes: readonly PlannedChange[]): string {
  return markdownTable([
    ["", "resource", "why"],
    ...changes.map((change) => [
      change.kind,
      code(change.address),
      [...alarming(change).map((line) => `**${line}**`), ...change.why.map(code)].join("<br>"),
    ]),
  ]);
}

/** Shows a plan's text literally, so that it is never read as Markdown. */
function code(text: string): string {
  return `\`${withoutTicks(text)}\``;
}

function withoutTicks(text: string): string {
  return text.replaceAll("`", "'");
}
