/** CloudWatch can evaluate the alarm, but this package cannot. */
export class UnsupportedAlarmError extends Error {
  override readonly name = "UnsupportedAlarmError";
}
