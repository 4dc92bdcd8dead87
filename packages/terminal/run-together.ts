import { UserError } from "./user-error";

/**
 * Waits until all pieces of work have ended, even if one fails, so that none of them keeps running after the command
 * has ended.
 * @throws the error of the one that failed; of several, one UserError with all their messages
 */
export async function runTogether<T extends readonly Promise<unknown>[]>(
  ...work: T
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  const results = await Promise.allSettled(work);
  const errors = new Set(results.flatMap((result) => (result.status === "rejected" ? [result.reason] : [])));
  const [first, ...others] = errors;
  if (others.length > 0 && [...errors].every((error) => error instanceof UserError)) {
    throw new UserError([...errors].map(({ message }) => message).join("\n✗ "), { cause: first });
  }
  if (errors.size > 0) throw [...errors].find((error) => !(error instanceof UserError)) ?? first;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as never;
}
