import { UserError } from "../../packages/terminal/user-error";
import { type Judgement, unique } from "./judgement";

/**
 * An acknowledgement that no loss needs is a typo, or a leftover from another plan.
 * @throws UserError, exit code 2, if one matches nothing that would be lost
 */
export function checkAcknowledgements(
  judgements: readonly Judgement[],
  acknowledgements: readonly string[],
): void {
  const losses = unique(
    judgements.flatMap(({ changes }) => changes.flatMap((change) => change.losses.map(({ key }) => key))),
  );
  const unmatched = acknowledgements.filter((key) => !losses.includes(key));
  if (unmatched.length === 0) return;
  const known = losses.length > 0 ? `the plan would lose ${losses.join(", ")}` : "nothing would be lost";
  throw new UserError(`--acknowledge ${unmatched.join(", ")} matches nothing: ${known}`, { exitCode: 2 });
}
