/** The message is for the reader of a failed synth, who does not need a stack trace. */
export class InvalidPropsError extends Error {
  readonly forUser = true;
  /** For commands whose exit code 1 means that what they judge has failed: nothing was judged. */
  readonly exitCode = 2;

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "InvalidPropsError";
  }
}
