import { InvalidAlarmError } from "../invalid-alarm-error";

/** The error for an expression of metric math that CloudWatch rejects. */
export function invalidMath(problem: string): InvalidAlarmError {
  return new InvalidAlarmError(`metric math: ${problem}`);
}
