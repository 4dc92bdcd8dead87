/** A policy that AWS would reject as malformed. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";

  /**
   * @param where for example `statement 2 (ReadTable)`
   * @param rule what AWS demands there, and what was found
   */
  constructor(
    readonly where: string,
    readonly rule: string,
  ) {
    super(`${where}: ${rule}`);
  }
}
