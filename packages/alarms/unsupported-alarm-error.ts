/** An alarm that CloudWatch would evaluate and this package cannot, or that CloudWatch would refuse. */
export class UnsupportedAlarmError extends Error {
  override readonly name = "UnsupportedAlarmError";
}
