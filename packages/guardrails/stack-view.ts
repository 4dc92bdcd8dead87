import { nameAttributes, parentAttributes } from "./block-names";
import { Evaluator } from "./evaluator";
import { referencesIn, templateParts } from "./expression";
import { type Attributes, asRecord, asRecords, asTexts, stringsIn, withDynamic } from "./json-values";
import { regionInArn, regionOf } from "./region";

export { type Attributes, asRecord, asRecords, asTexts, stringsIn } from "./json-values";

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
    for (const name of path.split(".")) {
      const block = Array.isArray(value) ? value[0] : value;
      // If only Terraform knows a whole block, only Terraform knows what is in it.
      if (typeof block === "string" && block.includes("${")) return block;
      value = withDynamic(asRecord(block), name);
    }
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

  /** Whether an attribute is set to true, or to a value that only Terraform knows. */
  mayBeTrue(path: string): boolean {
    return this.isTrue(path) || this.isUnknown(path);
  }

  /** Whether an attribute has a value, or could have it, because only Terraform knows. */
  mayBe(path: string, ...values: readonly unknown[]): boolean {
    return this.isUnknown(path) || values.includes(this.value(path));
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

/** A whole stack as it will be written, and the references in it. */
export class StackView {
  readonly name: string;
  readonly blocks: readonly Resource[];
  private readonly byAddress: ReadonlyMap<string, Resource>;
  private readonly byType = new Map<string, Resource[]>();
  private readonly evaluator: Evaluator;
  /** Documents by their text. Many rules read each of them. */
  private readonly documents = new Map<string, unknown>();

  constructor(readonly json: TerraformJson) {
    const metadata = asRecord(asRecord(json["//"])?.metadata);
    this.name = typeof metadata?.stackName === "string" ? metadata.stackName : "stack";
    this.blocks = [...this.blocksOf("resource", json.resource), ...this.blocksOf("data", json.data)];
    this.byAddress = new Map(this.blocks.map((block) => [block.address, block]));
    this.evaluator = new Evaluator(json.locals ?? {}, (address) => this.byAddress.get(address));
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
  evaluate(value: unknown): unknown {
    return this.evaluator.evaluate(value);
  }

  /** Parses JSON that can contain expressions. Expressions that cannot be resolved stay templates. */
  parse(text: unknown): unknown {
    if (typeof text !== "string" || !text.startsWith("{")) return this.evaluator.parse(text);
    if (!this.documents.has(text)) this.documents.set(text, this.evaluator.parse(text));
    return this.documents.get(text);
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
    const region = regionInArn(text);
    return this.all(...types).find((block) => {
      if (region && region !== (regionOf(block) ?? region)) return false;
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
