/** What a user can mend: shown as its message alone, without a stack trace. It says what is wrong and the way out. */
export class UserError extends Error {
  /** Read by scripts/run.mjs, which does not share this class. */
  readonly forUser = true;
  /** What the command exits with. Of a command that judges, 1 is its judgement and 2 that it could not judge. */
  readonly exitCode: number;

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}
