import { hclToJson, soleReference, templateParts } from "./expression";
import { asRecord, type Attributes } from "./json-values";
import { policyOf } from "./policy-document";

/** What an evaluation needs to know of a resource or data source. */
interface Block {
  readonly type: string;
  readonly address: string;
  raw(attribute: string): unknown;
  blocks(name: string): readonly Attributes[];
}

/** Evaluates Terraform's expressions as far as the stack's own JSON goes. */
export class Evaluator {
  constructor(
    private readonly locals: Attributes,
    private readonly blockAt: (address: string) => Block | undefined,
  ) {}

  /** Replaces every reference that this stack can resolve. Other expressions are unchanged. */
  evaluate(value: unknown, seen: ReadonlySet<string> = new Set()): unknown {
    if (typeof value === "string") return value.includes("${") ? this.evaluateText(value, seen) : value;
    if (Array.isArray(value)) return value.map((entry) => this.evaluate(entry, seen));
    const record = asRecord(value);
    if (!record) return value;
    return Object.fromEntries(
      Object.entries(record).map(([name, entry]) => [name, this.evaluate(entry, seen)]),
    );
  }

  /** Parses JSON that can contain expressions. Expressions that cannot be resolved stay templates. */
  parse(text: unknown): unknown {
    if (typeof text !== "string") return undefined;
    const parts = templateParts(text);
    const [only] = parts;
    const whole = parts.length === 1 && only && "expression" in only ? this.evaluate(text) : undefined;
    // Quotes inside an expression must not end the JSON string that contains it.
    const quoted = parts.map((part) =>
      "literal" in part ? part.literal : JSON.stringify(`\${${part.expression}}`).slice(1, -1),
    );
    return this.evaluate(parsed(whole ?? quoted.join("")) ?? parsed(this.evaluate(text)));
  }

  private evaluateText(text: string, seen: ReadonlySet<string>): unknown {
    const values = templateParts(text).map((part) =>
      "literal" in part ? part.literal : this.evaluateExpression(part.expression, seen),
    );
    if (values.length === 1) return values[0];
    return values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join("");
  }

  private evaluateExpression(expression: string, seen: ReadonlySet<string>): unknown {
    const unknown = `\${${expression}}`;
    const encoded = /^jsonencode\(([\s\S]*)\)$/.exec(expression)?.[1];
    if (encoded !== undefined) return JSON.stringify(this.evaluate(hclToJson(encoded), seen));
    if (/^(\[|\{)/.test(expression)) return this.evaluate(hclToJson(expression), seen);
    const quoted = /^"((?:[^"\\$]|\\.)*)"$/.exec(expression)?.[1];
    if (quoted !== undefined) return quoted;
    const reference = soleReference(expression);
    if (!reference || seen.has(expression)) return unknown;
    const next = new Set([...seen, expression]);
    if ("local" in reference) {
      const local = this.locals[reference.local];
      return local === undefined ? unknown : this.evaluate(local, next);
    }
    const block = this.blockAt(reference.address);
    if (!block || !reference.attribute) return unknown;
    if (block.address.startsWith("data.aws_iam_policy_document.") && reference.attribute === "json") {
      return JSON.stringify(this.evaluate(policyOf(block.blocks("statement")), next));
    }
    const written = block.raw(reference.attribute) ?? writtenAs(block, reference.attribute);
    return typeof written === "string" || typeof written === "number" || typeof written === "boolean"
      ? this.evaluate(written, next)
      : unknown;
  }
}

/** Computed attributes that equal another, written attribute: the `id` of some types is their name. */
function writtenAs(block: Block, attribute: string): unknown {
  if (attribute !== "id") return undefined;
  const named: Readonly<Record<string, string>> = {
    aws_s3_bucket: "bucket",
    aws_dynamodb_table: "name",
    aws_iam_role: "name",
    aws_cloudwatch_log_group: "name",
    aws_lambda_function: "function_name",
  };
  const name = named[block.type];
  return name && block.raw(name);
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
