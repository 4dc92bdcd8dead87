import { hclToJson, referencesIn, soleReference, templateParts } from "./expression";

export type Attributes = Readonly<Record<string, unknown>>;

/** A stack as cdktf writes it to `cdk.tf.json`. */
export interface TerraformJson {
  readonly resource?: BlocksJson;
  readonly data?: BlocksJson;
  readonly locals?: Attributes;
  readonly provider?: Readonly<Record<string, readonly Attributes[] | Attributes>>;
  readonly terraform?: Attributes;
  readonly [section: string]: unknown;
}

type BlocksJson = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** A resource or data source as Terraform will read it. */
export class Resource {
  constructor(
    readonly stack: StackView,
    readonly mode: "resource" | "data",
    readonly type: string,
    readonly id: string,
    /** Its path in the construct tree, or its address if cdktf wrote no path. */
    readonly path: string,
    private readonly attributes: Attributes,
  ) {}

  get address(): string {
    return `${this.mode === "data" ? "data." : ""}${this.type}.${this.id}`;
  }

  /** All attributes as written. */
  written(): Attributes {
    return this.attributes;
  }

  /** An attribute as written. `a.b` is an attribute of a nested block, the first if there are several. */
  raw(path: string): unknown {
    let value: unknown = this.written();
    for (const name of path.split(".")) value = asRecord(Array.isArray(value) ? value[0] : value)?.[name];
    return value ?? undefined;
  }

  /** An attribute with all references resolved that this stack can resolve. */
  value(path: string): unknown {
    return this.stack.evaluate(this.raw(path));
  }

  /** An attribute's text; undefined if absent or not known before Terraform runs. */
  text(path: string): string | undefined {
    const value = this.value(path);
    if (typeof value === "number" || typeof value === "boolean") return `${value}`;
    return typeof value === "string" && !value.includes("${") ? value : undefined;
  }

  /** An attribute's number; undefined if absent or not known before Terraform runs. */
  number(path: string): number | undefined {
    const text = this.text(path);
    return text === undefined || text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
  }

  /** Whether an attribute is set to true. */
  isTrue(path: string): boolean {
    return this.text(path) === "true";
  }

  has(path: string): boolean {
    return this.raw(path) !== undefined;
  }

  /** Whether an attribute has a value that only Terraform knows. */
  isUnknown(path: string): boolean {
    return JSON.stringify(this.value(path))?.includes("${") ?? false;
  }

  /** All nested blocks with a name. */
  blocks(path: string): readonly Attributes[] {
    return asRecords(this.value(path));
  }

  /** The parsed value of an attribute that contains JSON; undefined if it is not JSON or not known yet. */
  json(path: string): unknown {
    return this.stack.parse(this.raw(path));
  }

  /** A list of texts. Values that are not known yet stay templates. */
  texts(path: string): readonly string[] {
    return asTexts(this.value(path));
  }

  /** The block of one of the types that an attribute refers to, by reference or by name. */
  follow(path: string, ...types: readonly string[]): Resource | undefined {
    return this.stack.follow(this.raw(path), ...types);
  }
}

/** The attribute that contains a resource's name, by type. The default is `name`. */
const nameAttributes: Readonly<Record<string, string>> = {
  aws_api_gateway_stage: "stage_name",
  aws_cloudwatch_composite_alarm: "alarm_name",
  aws_cloudwatch_metric_alarm: "alarm_name",
  aws_lambda_function: "function_name",
  aws_s3_bucket: "bucket",
};

/** The attribute that refers to a block's parent: any attribute of a function's alias leads to the function. */
const parentAttributes: Readonly<Record<string, string>> = { aws_lambda_alias: "function_name" };

/** A whole stack as it will be written, and the references in it. */
export class StackView {
  readonly name: string;
  readonly blocks: readonly Resource[];
  private readonly byAddress: ReadonlyMap<string, Resource>;
  private readonly byType = new Map<string, Resource[]>();
  /** Documents by their text. Many rules read each of them. */
  private readonly documents = new Map<string, unknown>();

  constructor(readonly json: TerraformJson) {
    const metadata = asRecord(asRecord(json["//"])?.metadata);
    this.name = typeof metadata?.stackName === "string" ? metadata.stackName : "stack";
    this.blocks = [...this.blocksOf("resource", json.resource), ...this.blocksOf("data", json.data)];
    this.byAddress = new Map(this.blocks.map((block) => [block.address, block]));
    for (const block of this.blocks) {
      const type = `${block.mode === "data" ? "data." : ""}${block.type}`;
      this.byType.set(type, [...(this.byType.get(type) ?? []), block]);
    }
  }

  /** All resources of some types. Use `data.<type>` for data sources. */
  all(...types: readonly string[]): readonly Resource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** The block at an address such as `aws_sqs_queue.jobs` or `data.aws_region.current`. */
  find(address: string): Resource | undefined {
    return this.byAddress.get(address);
  }

  /** Resources of a type with an attribute that refers to a block. */
  pointingAt(target: Resource, type: string, attribute: string): readonly Resource[] {
    return this.all(type).filter((candidate) => candidate.follow(attribute, target.type) === target);
  }

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
    if (!text.startsWith("{")) return this.parsed(text);
    if (!this.documents.has(text)) this.documents.set(text, this.parsed(text));
    return this.documents.get(text);
  }

  private parsed(text: string): unknown {
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
      const local = this.json.locals?.[reference.local];
      return local === undefined ? unknown : this.evaluate(local, next);
    }
    const block = this.byAddress.get(reference.address);
    if (!block || !reference.attribute) return unknown;
    if (block.address.startsWith("data.aws_iam_policy_document.") && reference.attribute === "json") {
      const others = this.otherDocuments(block, next);
      return others ? JSON.stringify(this.evaluate(policyOf(block, others), next)) : unknown;
    }
    const written = block.raw(reference.attribute) ?? writtenAs(block, reference.attribute);
    return typeof written === "string" || typeof written === "number" || typeof written === "boolean"
      ? this.evaluate(written, next)
      : unknown;
  }

  /** Statements of the documents that a document includes. Undefined if only Terraform knows them, or the document itself. */
  private otherDocuments(document: Resource, seen: ReadonlySet<string>): readonly unknown[] | undefined {
    if (document.has("dynamic")) return undefined;
    const sources = ["source_policy_documents", "override_policy_documents"].flatMap((attribute) =>
      asTexts(this.evaluate(document.raw(attribute), seen)),
    );
    const parts = sources.map((text) => asRecord(parsed(text))?.Statement);
    return parts.includes(undefined) ? undefined : parts.flat();
  }

  /**
   * The block of one of the types that a value refers to: through references, through blocks that pass an attribute on
   * (`aws_sns_topic_policy.x.arn` leads to the topic), through locals, or by the block's name.
   */
  follow(value: unknown, ...types: readonly string[]): Resource | undefined {
    return this.followReferences(value, types, new Set()) ?? this.named(value, types);
  }

  /** Every block of any type that a value refers to. */
  referencedBy(value: unknown): readonly Resource[] {
    const found = new Set<Resource>();
    this.followReferences(value, [], new Set(), found);
    return [...found];
  }

  private followReferences(
    value: unknown,
    types: readonly string[],
    seen: Set<string>,
    found?: Set<Resource>,
  ): Resource | undefined {
    const texts = typeof value === "string" ? [value] : stringsIn(value);
    for (const text of texts) {
      const expressions = templateParts(text).flatMap((part) =>
        "expression" in part ? [part.expression] : [],
      );
      for (const reference of expressions.flatMap(referencesIn)) {
        const key = "local" in reference ? reference.local : `${reference.address}.${reference.attribute}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const block = "local" in reference ? undefined : this.byAddress.get(reference.address);
        if (block && isOneOf(block, types)) return block;
        if (block) found?.add(block);
        const next =
          "local" in reference
            ? this.json.locals?.[reference.local]
            : (block?.raw(reference.attribute ?? "") ?? block?.raw(parentAttributes[block.type] ?? ""));
        const further = this.followReferences(next, types, seen, found);
        if (further) return further;
      }
    }
    return undefined;
  }

  private named(value: unknown, types: readonly string[]): Resource | undefined {
    const text = this.evaluate(value);
    if (typeof text !== "string" || text === "") return undefined;
    const name = text.startsWith("arn:") ? (text.split(/[:/]/).at(-1) ?? "") : text;
    return this.all(...types).find((block) => {
      const own = block.value(nameAttributes[block.type] ?? "name");
      return own !== undefined && (own === name || own === text || text.endsWith(`:log-group:${own}`));
    });
  }

  private blocksOf(mode: Resource["mode"], byType: BlocksJson = {}): Resource[] {
    return Object.entries(byType).flatMap(([type, byId]) =>
      Object.entries(byId).map(([id, { "//": comment, ...attributes }]) => {
        const written = asRecord(asRecord(comment)?.metadata)?.path;
        const address = `${mode === "data" ? "data." : ""}${type}.${id}`;
        return new Resource(
          this,
          mode,
          type,
          id,
          typeof written === "string" ? written : address,
          attributes,
        );
      }),
    );
  }
}

function isOneOf(block: Resource, types: readonly string[]): boolean {
  return types.includes(block.mode === "data" ? `data.${block.type}` : block.type);
}

/** Computed attributes that equal another, written attribute: the `id` of some types is their name. */
function writtenAs(block: Resource, attribute: string): unknown {
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

/** The policy that Terraform generates from `data.aws_iam_policy_document`. */
function policyOf(document: Resource, others: readonly unknown[]): unknown {
  const statements = document.blocks("statement").map((statement) => ({
    ...(statement.sid !== undefined && { Sid: statement.sid }),
    Effect: statement.effect ?? "Allow",
    ...(statement.actions !== undefined && { Action: statement.actions }),
    ...(statement.not_actions !== undefined && { NotAction: statement.not_actions }),
    ...(statement.resources !== undefined && { Resource: statement.resources }),
    ...(statement.not_resources !== undefined && { NotResource: statement.not_resources }),
    ...principals("Principal", statement.principals),
    ...principals("NotPrincipal", statement.not_principals),
    ...(statement.condition !== undefined && { Condition: conditions(statement.condition) }),
  }));
  return { Version: "2012-10-17", Statement: [...others, ...statements] };
}

function principals(name: string, blocks: unknown): Attributes {
  if (blocks === undefined) return {};
  const byType = asRecords(blocks).map(({ type, identifiers }) => [`${type}`, identifiers] as const);
  return { [name]: byType.some(([type]) => type === "*") ? "*" : Object.fromEntries(byType) };
}

function conditions(blocks: unknown): Attributes {
  const byTest: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of asRecords(blocks)) {
    byTest[`${test}`] = { ...byTest[`${test}`], [`${variable}`]: values };
  }
  return byTest;
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

export function asRecord(value: unknown): Attributes | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Attributes)
    : undefined;
}

export function asRecords(value: unknown): readonly Attributes[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  return entries.map(asRecord).filter((entry) => entry !== undefined);
}

export function asTexts(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((entry) =>
    typeof entry === "string" ? entry : `${entry}`,
  );
}

export function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  const record = asRecord(value);
  return record ? Object.values(record).flatMap(stringsIn) : [];
}
