/** One rule of a model that a request breaks. */
export interface Violation {
  readonly kind: "required" | "enum" | "pattern" | "maximum" | "minimum";
  /** In AWS's spelling, for example `attributeDefinitions.1.member.attributeType`. */
  readonly path: string;
  /** As AWS prints it. Undefined if it is missing or secret. */
  readonly value: string | undefined;
  readonly sensitive: boolean;
  /** The rule, in AWS's words. */
  readonly rule: string;
  /** The bound, the pattern or the allowed values; empty for a missing member. */
  readonly limit: string;
  /** Whether the member is in the body. */
  readonly inBody: boolean;
}

/** The value cannot be read as what the model says it is. */
export class SerializationError extends Error {
  constructor(
    message: string,
    /** Empty if no member is known. */
    readonly path = "",
  ) {
    super(message);
    this.name = "SerializationError";
  }
}
