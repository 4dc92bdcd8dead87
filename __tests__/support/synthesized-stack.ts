import { Block, type Json, type JsonObject } from "./block";
import { type DataType, type ResourceType, requireProviderType } from "./provider-types";

type Body = Record<string, Json> & { readonly "//": { readonly metadata: { readonly path: string } } };
type Blocks = Readonly<Record<string, Readonly<Record<string, Body>>>>;

/**
 * A stack as Terraform reads it. Look-ups fail on a type that no provider has and on another count than
 * one, so that no test passes because it looked for nothing.
 */
export class SynthesizedStack {
  readonly name: string;
  /** All of `cdk.tf.json`, without cdktf's metadata. */
  readonly json: JsonObject;
  readonly blocks: readonly Block[];

  constructor(
    /** `cdk.tf.json`, byte by byte. */
    readonly text: string,
    /** What else lies in the stack's folder, by its path there. */
    readonly files: ReadonlyMap<string, Buffer>,
  ) {
    const written = JSON.parse(text);
    this.name = written["//"].metadata.stackName;
    this.json = withoutMetadata(written) as JsonObject;
    this.blocks = [...blocksOf("resource", written.resource), ...blocksOf("data", written.data)];
  }

  /** Every resource of a type: none is an answer too. */
  resources(type: ResourceType): readonly Block[] {
    requireProviderType("resource", type);
    return this.blocks.filter((block) => block.mode === "resource" && block.type === type);
  }

  /** @throws Error where there is not one resource of the type */
  only(type: ResourceType): Block {
    return this.single(type, this.resources(type));
  }

  /** @throws Error where there is not one resource of the type whose path in the construct tree ends so */
  at(type: ResourceType, path: string): Block {
    const blocks = this.resources(type).filter((block) => block.path.endsWith(`/${path}`));
    return this.single(`${type} at …/${path}`, blocks);
  }

  data(type: DataType): readonly Block[] {
    requireProviderType("data", type);
    return this.blocks.filter((block) => block.mode === "data" && block.type === type);
  }

  /** @throws Error where there is not one data source of the type */
  onlyData(type: DataType): Block {
    return this.single(`data ${type}`, this.data(type));
  }

  /** The block that a reference such as `${aws_sqs_queue.x.arn}` or an address in `depends_on` leads to. */
  follow(reference: Json | undefined): Block {
    const address = /^(?:\$\{)?((?:data\.)?\w+\.[\w-]+)(?:\.\w+\})?$/.exec(`${reference}`)?.[1];
    const block = this.blocks.find((candidate) => candidate.address === address);
    if (block) return block;
    throw new Error(`${this.name}: ${JSON.stringify(reference)} refers to no block of this stack`);
  }

  /** A part of `cdk.tf.json` by its names, for example `section("terraform", "backend", "s3")`. */
  section(...names: readonly string[]): JsonObject {
    let section: Json | undefined = this.json;
    for (const name of names) section = (section as JsonObject)?.[name];
    if (typeof section === "object" && section !== null && !Array.isArray(section))
      return section as JsonObject;
    throw new Error(`${this.name}: there is no section ${names.join(".")}`);
  }

  private single(what: string, blocks: readonly Block[]): Block {
    const [block] = blocks;
    if (block && blocks.length === 1) return block;
    const found = blocks.map(({ path }) => path).join(", ");
    throw new Error(
      `${this.name}: there should be one ${what}, there are ${blocks.length}${found && `: ${found}`}`,
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
