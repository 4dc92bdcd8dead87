export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** One resource or data source as synthesized, with Terraform's names and without cdktf's metadata. */
export class Block {
  constructor(
    readonly mode: "resource" | "data",
    readonly type: string,
    readonly id: string,
    /** Its path in the construct tree, for example `test-stack/items-table/table`. */
    readonly path: string,
    readonly attributes: JsonObject,
  ) {}

  /** Its address in Terraform, for example `aws_sqs_queue.dead-letter-queue_9C8F6649`. */
  get address(): string {
    return this.mode === "data" ? `data.${this.type}.${this.id}` : `${this.type}.${this.id}`;
  }

  /** A reference to one of its attributes. */
  ref(attribute: string): string {
    return `\${${this.address}.${attribute}}`;
  }

  /** @throws Error if the attribute is missing or not a text */
  text(attribute: string): string {
    const value = this.attributes[attribute];
    if (typeof value === "string") return value;
    throw new Error(`${this.address}: ${attribute} must be a text, got ${JSON.stringify(value)}`);
  }

  /** The parsed value of an attribute that contains JSON as text, such as a policy. */
  parsed(attribute: string): unknown {
    return JSON.parse(this.text(attribute));
  }
}
