/**
 * What a function's answer says of a batch, where its mapping has it report batch item failures. Lambda's developer
 * guide takes nothing, and an empty list, for success; and for a failure of the whole batch an identifier that is empty,
 * null or not there. One that is none of the batch's is taken for that, too: it tells of a failure, but not where.
 *
 * @param sequenceNumbers the batch's, in its order
 * @returns the position of the first record that failed, or `undefined` where none did
 */
export function lowestFailure(sequenceNumbers: readonly string[], answer: unknown): number | undefined {
  const { batchItemFailures } = (answer ?? {}) as { readonly batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return undefined;
  if (!Array.isArray(batchItemFailures)) return 0;
  if (batchItemFailures.length === 0) return undefined;
  const positions = batchItemFailures.map((failure) => sequenceNumbers.indexOf(failure?.itemIdentifier));
  return Math.max(0, Math.min(...positions));
}
