/** What a user can mend: shown as its message alone, without a stack trace. It says what is wrong and the way out. */
export class UserError extends Error {
  /** Read by scripts/run.mjs, which does not share this class. */
  readonly forUser = true;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UserError";
  }
}
