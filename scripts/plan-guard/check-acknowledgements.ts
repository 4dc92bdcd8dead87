import { UserError } from "../../packages/terminal/user-error";
import type { Judgement } from "./judgement";

/**
 * An acknowledgement that no loss needs is a typo, or a leftover from another plan.
 * @throws UserError, exit code 2, if one matches nothing that would be lost
 */
export function checkAcknowledgements(
  judgements: readonly Judgement[],
  acknowledgements: readonly string[],
): void {
  const losses = judgements.flatMap(({ changes }) =>
    changes.filter(({ loss }) => loss).map(({ address }) => address),
  );
  const unmatched = acknowledgements.filter((address) => !losses.includes(address));
  if (unmatched.length === 0) return;
  const known = losses.length > 0 ? `the plan would lose ${losses.join(", ")}` : "nothing would be lost";
  throw new UserError(`--acknowledge ${unmatched.join(", ")} matches nothing: ${known}`, { exitCode: 2 });
}
