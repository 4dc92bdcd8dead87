/** A problem that the user can fix. Its message says what is wrong and how to fix it; no stack trace is shown. */
export class UserError extends Error {
  /** scripts/run.mjs reads this, because it cannot import this class. */
  readonly forUser = true;
  /** The command's exit code. For a command that judges: 1 means that its subject failed, 2 that it could not judge. */
  readonly exitCode: number;

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}
