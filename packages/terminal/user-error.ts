/** A problem that the user can fix. Only its message is shown, no stack trace: it says what is wrong and how to fix it. */
export class UserError extends Error {
  /** scripts/run.mjs reads this, because it cannot import this class. */
  readonly forUser = true;
  /** The command's exit code. Commands that judge something exit with 1 if it failed, and with 2 if they could not judge it. */
  readonly exitCode: number;

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}
