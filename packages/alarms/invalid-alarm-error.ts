/** CloudWatch rejects the alarm. */
export class InvalidAlarmError extends Error {
  override readonly name = "InvalidAlarmError";
}
