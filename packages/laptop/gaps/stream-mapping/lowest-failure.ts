/**
 * Reads a function's response for a mapping that reports batch item failures. According to Lambda's developer guide, no
 * response and an empty list mean success, and an identifier that is empty, null or missing means that the whole batch
 * failed. An identifier that is not in the batch is treated the same way: something failed, but it is unknown what.
 *
 * @param sequenceNumbers those of the batch, in order
 * @returns the position of the first failed record, or `undefined` if none failed
 */
export function lowestFailure(sequenceNumbers: readonly string[], answer: unknown): number | undefined {
  const { batchItemFailures } = (answer ?? {}) as { readonly batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return undefined;
  if (!Array.isArray(batchItemFailures)) return 0;
  if (batchItemFailures.length === 0) return undefined;
  const positions = batchItemFailures.map((failure) => sequenceNumbers.indexOf(failure?.itemIdentifier));
  return Math.max(0, Math.min(...positions));
}
