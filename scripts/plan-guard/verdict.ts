import type { Judgement } from "./judgement";
import { count } from "./planned-change";

/** Whether the plan may be applied, what to do if not, and what a reviewer must still look at. It claims only what was judged. */
export function verdict(judgement: Judgement): readonly string[] {
  const { refused, rejected, prevented, passed } = judgement;
  if (passed) return [`✓ passed: ${[reason(judgement), ...reservations(judgement)].join(". ")}`];
  const rejections =
    rejected.length > 0
      ? [`✗ refused: AWS would reject ${rejected.join(", ")} in the middle of the deployment`]
      : [];
  if (refused.length === 0) return rejections;
  if (prevented) {
    return [
      ...rejections,
      "✗ refused, by Terraform as well: prevent_destroy protects what would be lost. If the loss is intended, deploy deletionProtection: false first",
    ];
  }
  return [
    ...rejections,
    `✗ refused: ${refused.length === 1 ? "1 loss" : `${refused.length} losses`}. Keep a resource's id and name, or move it (moveFromId); keep an attribute's value. If a loss is intended, acknowledge it:`,
    `  ${refused.map((key) => `--acknowledge '${key}'`).join(" ")}`,
  ];
}

function reason({ changes, acknowledged }: Judgement): string {
  if (acknowledged.length > 0) return `${acknowledged.join(", ")} acknowledged`;
  if (changes.length === 0) return "nothing changes";
  if (changes.every(({ kind }) => kind === "created")) return "it only creates";
  return `no loss found in ${changes.length === 1 ? "1 change" : `${changes.length} changes`}`;
}

function reservations({ changes, incomplete }: Judgement): readonly string[] {
  const ofAccess = changes.filter(({ access }) => access.length > 0).length;
  const unjudged = changes.filter((change) => change.unjudged.length > 0).length;
  const forgotten = count(changes, "forgotten");
  return [
    ...(ofAccess > 0 ? [`Review who may do what: ${ofAccess} (›)`] : []),
    ...(unjudged > 0 ? [`Not judged, or not completely: ${unjudged} (?)`] : []),
    ...(incomplete
      ? ["The plan leaves out a part of the stack (-target, or deferred), which is not judged"]
      : []),
    ...(forgotten > 0 ? [`Left on AWS, where Terraform no longer manages them: ${forgotten}`] : []),
  ];
}
