export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** One resource or data source as it is written, with Terraform's names and without cdktf's metadata. */
export class Block {
  constructor(
    readonly mode: "resource" | "data",
    readonly type: string,
    readonly id: string,
    /** Where it is in the construct tree, for example `test-stack/items-table/table`. */
    readonly path: string,
    readonly attributes: JsonObject,
  ) {}

  /** How Terraform names it, for example `aws_sqs_queue.dead-letter-queue_9C8F6649`. */
  get address(): string {
    return this.mode === "data" ? `data.${this.type}.${this.id}` : `${this.type}.${this.id}`;
  }

  /** How another block refers to one of its attributes. */
  ref(attribute: string): string {
    return `\${${this.address}.${attribute}}`;
  }

  /** @throws Error where the attribute is absent or no text */
  text(attribute: string): string {
    const value = this.attributes[attribute];
    if (typeof value === "string") return value;
    throw new Error(`${this.address}: ${attribute} is no text but ${JSON.stringify(value)}`);
  }

  /** An attribute that holds JSON as text, such as a policy. */
  parsed(attribute: string): unknown {
    return JSON.parse(this.text(attribute));
  }
}
