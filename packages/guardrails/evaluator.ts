import { hclToJson, soleReference, templateParts } from "./expression";
import { type Attributes, asRecord, asRecords } from "./json-values";
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

  /** The policy of `data.aws_iam_policy_document`; undefined if only Terraform knows some of its statements. */
  private document(block: Block, seen: ReadonlySet<string>): string | undefined {
    if (JSON.stringify(block.raw("statement") ?? "").includes("${dynamic.statement}")) return undefined;
    const [sources, overrides] = ["source_policy_documents", "override_policy_documents"].map((attribute) =>
      this.statementsIn(block.raw(attribute), seen),
    );
    if (!sources || !overrides) return undefined;
    const own = asRecords(asRecord(this.evaluate(policyOf(block.blocks("statement")), seen))?.Statement);
    const replaced = (sid: unknown) => sid !== undefined && overrides.some(({ Sid }) => Sid === sid);
    const kept = [...sources, ...own].filter(({ Sid }) => !replaced(Sid));
    return JSON.stringify({ Version: "2012-10-17", Statement: [...kept, ...overrides] });
  }

  /** Statements of the documents in a list; undefined if only Terraform knows one. */
  private statementsIn(documents: unknown, seen: ReadonlySet<string>): readonly Attributes[] | undefined {
    if (documents === undefined) return [];
    if (!Array.isArray(documents)) return undefined;
    const policies = documents.map((document) => asRecord(parsed(this.evaluate(document, seen))));
    if (policies.some((policy) => policy === undefined)) return undefined;
    return policies.flatMap((policy) => asRecords(policy?.Statement));
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
    if (/^[[{]\s*for\s/.test(expression)) return unknown;
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
    if (
      block.address.startsWith("data.aws_iam_policy_document.") &&
      /^(minified_)?json$/.test(reference.attribute)
    ) {
      return this.document(block, next) ?? unknown;
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
