import type { Input } from "./check-input";
import type { ListShape, MapShape, Member, Shape, StructureShape } from "./shapes";
import { scalarOf } from "./text-values";
import { SerializationError } from "./violation";

/** Parameters such as `Tags.member.1.Key`, as a tree. */
interface Node {
  text: string | undefined;
  readonly children: Map<string, Node>;
}

/** Parameters that every action has: its own, and a signature's. */
const common = /^(?:Action|Version|X-Amz-.+)$/;

/** EC2 refuses parameters that it does not know. */
export class UnknownParameterError extends SerializationError {}

/** A member without a value is given all the same: an empty list or text. */
const empty: Node = { text: "", children: new Map() };

/**
 * Reads the input of the query protocol, or of EC2's form of it.
 * @throws SerializationError at the first value of another type, or the first parameter that EC2 does not know
 */
export function readQuery(shape: StructureShape, parameters: URLSearchParams, ec2: boolean): Input {
  const root: Node = { text: undefined, children: new Map() };
  for (const [name, value] of parameters) if (!common.test(name)) plant(root, name, value);
  const reader = new QueryReader(ec2);
  if (ec2) reader.refuseUnknown(shape, root);
  return reader.structure(shape, root, "");
}

function plant(root: Node, name: string, value: string): void {
  let node = root;
  for (const part of name.split(".")) {
    const next = node.children.get(part) ?? { text: undefined, children: new Map() };
    node.children.set(part, next);
    node = next;
  }
  node.text = value;
}

class QueryReader {
  constructor(private readonly ec2: boolean) {}

  /** @throws UnknownParameterError */
  refuseUnknown({ members }: StructureShape, { children }: Node): void {
    const known = new Set(members.map((member) => this.nameOf(member)));
    const unknown = [...children.keys()].find((name) => !known.has(name));
    if (unknown) throw new UnknownParameterError(`The parameter ${unknown} is not recognized`, unknown);
  }

  private nameOf(member: Member): string {
    if (this.ec2) return member.ec2Name;
    const { shape } = member;
    // A flattened list has the name of its items.
    return shape.type === "list" && (shape.flattened || member.flattened) && shape.itemNamed
      ? shape.itemName
      : member.wireName;
  }

  structure(shape: StructureShape, node: Node, path: string): Input {
    const input: Record<string, unknown> = {};
    for (const member of shape.members) {
      const child = node.children.get(this.nameOf(member));
      const inner = path ? `${path}.${member.label}` : member.label;
      if (child) input[member.key] = this.value(member.shape, child, inner, member.flattened);
    }
    return input;
  }

  private value(shape: Shape, node: Node, path: string, flattened = false): unknown {
    switch (shape.type) {
      case "structure":
        return this.structure(shape, node, path);
      case "list":
        return this.list(shape, node, path, flattened || shape.flattened || this.ec2);
      case "map":
        return this.map(shape, node, path, flattened || shape.flattened);
      default:
        if (node.text === undefined) {
          throw new SerializationError("Start of structure or map found where not expected", path);
        }
        return scalarOf(shape, node.text, path);
    }
  }

  private list(shape: ListShape, node: Node, path: string, flattened: boolean): unknown[] {
    const items = flattened ? node : (node.children.get(shape.itemName) ?? empty);
    return numbered(items).map(([number, item]) => this.value(shape.item, item, `${path}.${number}.member`));
  }

  private map(shape: MapShape, node: Node, path: string, flattened: boolean): Record<string, unknown> {
    const entries = flattened ? node : (node.children.get("entry") ?? empty);
    const result: Record<string, unknown> = Object.create(null);
    for (const [number, entry] of numbered(entries)) {
      const key = entry.children.get(shape.keyName)?.text ?? `${number}`;
      const value = entry.children.get(shape.valueName);
      if (value) result[key] = this.value(shape.value, value, `${path}.${key}.member`);
    }
    return result;
  }
}

function numbered(node: Node): (readonly [number: number, item: Node])[] {
  return [...node.children]
    .map(([name, item]) => [Number(name), item] as const)
    .filter(([number]) => Number.isInteger(number))
    .sort(([one], [other]) => one - other);
}
