import { type ProblemKind, type ProblemKindFacts, problemKinds } from "./problem-kinds";

/**
 * An answer that is not a success. Its message is the problem's `detail`: it is sent to the client, so it
 * says what to change and holds nothing internal. The `cause` is for the log alone.
 */
export abstract class HttpError extends Error {
  abstract override readonly name: string;
  abstract readonly kind: ProblemKind;

  get facts(): ProblemKindFacts {
    return problemKinds[this.kind];
  }
}
