import { Block, type Json, type JsonObject } from "./block";
import { type DataType, type ResourceType, requireProviderType } from "./provider-types";

type Body = Record<string, Json> & { readonly "//": { readonly metadata: { readonly path: string } } };
type Blocks = Readonly<Record<string, Readonly<Record<string, Body>>>>;

/**
 * A stack as Terraform reads it. Look-ups fail if no provider has the type, or if they find another number than one, so no
 * test passes because it found nothing.
 */
export class SynthesizedStack {
  readonly name: string;
  /** The whole of `cdk.tf.json`, without cdktf's metadata. */
  readonly json: JsonObject;
  readonly blocks: readonly Block[];

  constructor(
    /** `cdk.tf.json`, byte by byte. */
    readonly text: string,
    /** The other files in the stack's folder, by their path in it. */
    readonly files: ReadonlyMap<string, Buffer>,
  ) {
    const written = JSON.parse(text);
    this.name = written["//"].metadata.stackName;
    this.json = withoutMetadata(written) as JsonObject;
    this.blocks = [...blocksOf("resource", written.resource), ...blocksOf("data", written.data)];
  }

  /** Every resource of a type, possibly none. */
  resources(type: ResourceType): readonly Block[] {
    requireProviderType("resource", type);
    return this.blocks.filter((block) => block.mode === "resource" && block.type === type);
  }

  /** @throws Error unless there is exactly one resource of the type */
  only(type: ResourceType): Block {
    return this.single(type, this.resources(type));
  }

  /** @throws Error unless exactly one resource of the type has a construct path that ends with `path` */
  at(type: ResourceType, path: string): Block {
    const blocks = this.resources(type).filter((block) => block.path.endsWith(`/${path}`));
    return this.single(`${type} at …/${path}`, blocks);
  }

  data(type: DataType): readonly Block[] {
    requireProviderType("data", type);
    return this.blocks.filter((block) => block.mode === "data" && block.type === type);
  }

  /** @throws Error unless there is exactly one data source of the type */
  onlyData(type: DataType): Block {
    return this.single(`data ${type}`, this.data(type));
  }

  /** The block that a reference such as `${aws_sqs_queue.x.arn}`, or an address in `depends_on`, refers to. */
  follow(reference: Json | undefined): Block {
    const address = /^(?:\$\{)?((?:data\.)?\w+\.[\w-]+)(?:\.\w+\})?$/.exec(`${reference}`)?.[1];
    const block = this.blocks.find((candidate) => candidate.address === address);
    if (block) return block;
    throw new Error(`${this.name}: ${JSON.stringify(reference)} does not refer to a block of this stack`);
  }

  /** A section of `cdk.tf.json` by its names, for example `section("terraform", "backend", "s3")`. */
  section(...names: readonly string[]): JsonObject {
    let section: Json | undefined = this.json;
    for (const name of names) section = (section as JsonObject)?.[name];
    if (typeof section === "object" && section !== null && !Array.isArray(section))
      return section as JsonObject;
    throw new Error(`${this.name}: it has no section ${names.join(".")}`);
  }

  private single(what: string, blocks: readonly Block[]): Block {
    const [block] = blocks;
    if (block && blocks.length === 1) return block;
    const found = blocks.map(({ path }) => path).join(", ");
    throw new Error(
      `${this.name}: there should be one ${what}, got ${blocks.length}${found && `: ${found}`}`,
    );
  }
}

function blocksOf(mode: Block["mode"], byType: Blocks = {}): Block[] {
  return Object.entries(byType).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, { "//": comment, ...attributes }]) => {
      return new Block(mode, type, id, comment.metadata.path, attributes);
    }),
  );
}

function withoutMetadata(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== "//");
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutMetadata(inner)]));
}
