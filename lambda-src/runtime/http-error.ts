/**
 * An answer that is not a success. Its message is the problem's `detail`: it is sent to the client, so it
 * says what to change and holds nothing internal. The `cause` is for the log alone.
 */
export abstract class HttpError extends Error {
  abstract override readonly name: string;
  /** HTTP status, 400 to 599. */
  abstract readonly status: number;
  /** The last part of the problem's type, kebab-case: `item-exists`. */
  abstract readonly kind: string;
  /** What went wrong in a few words, the same in every occurrence. */
  abstract readonly title: string;
  /** How long the client waits before it tries again, in seconds; sent as Retry-After. */
  readonly retryAfterSeconds?: number;
}
