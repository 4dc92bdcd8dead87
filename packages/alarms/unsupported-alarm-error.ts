/** An alarm that CloudWatch would evaluate but this package cannot, or that CloudWatch would reject. */
export class UnsupportedAlarmError extends Error {
  override readonly name = "UnsupportedAlarmError";
}
