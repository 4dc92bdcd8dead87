/**
 * The invocation's event is not one that the function handles. It is thrown, never turned into a response, so that
 * Lambda retries an asynchronous invocation and then sends it to the dead-letter queue.
 */
export class UnexpectedEventError extends Error {
  override readonly name = "UnexpectedEventError";

  /**
   * @param expected the event that the function handles
   * @param missing paths in the event that are absent or of the wrong type; never its values
   */
  constructor(
    expected: string,
    readonly missing: readonly string[],
  ) {
    super(`not ${expected}: missing or of the wrong type: ${missing.join(", ")}`);
  }
}
