import { parseXML } from "@aws-sdk/xml-builder";
import type { Input } from "./check-input";
import type { ListShape, MapShape, Shape, StructureShape } from "./shapes";
import { scalarOf } from "./text-values";
import { SerializationError } from "./violation";

type Element = string | { readonly [name: string]: Element | readonly Element[] };

/** Whatever is wrong with a document, S3 says only that it is not as published. */
export class XmlError extends SerializationError {}

/**
 * Reads a document whose root is the given structure.
 * @throws XmlError if it cannot be parsed, has an element that the model does not know, or a value of another type
 */
export function readXml(shape: StructureShape, body: string): Input {
  try {
    const [root] = Object.values(parseXML(body) as Readonly<Record<string, Element>>);
    return structureOf(shape, root ?? "", "");
  } catch (error) {
    if (error instanceof XmlError) throw error;
    throw new XmlError(error instanceof Error ? error.message : String(error), pathOf(error));
  }
}

function pathOf(error: unknown): string {
  return error instanceof SerializationError ? error.path : "";
}

function structureOf(shape: StructureShape, element: Element, path: string): Input {
  if (typeof element === "string") {
    if (element.trim() !== "") throw new XmlError("text where elements are expected", path);
    return {};
  }
  const input: Record<string, unknown> = {};
  const known = new Map(shape.members.map((member) => [member.wireName, member]));
  for (const [name, child] of Object.entries(element)) {
    const member = known.get(name);
    // Namespaces and attributes are not told apart from elements.
    if (!member && /^#text$|^xmlns(?::|$)|^xsi:/.test(name)) continue;
    if (!member) throw new XmlError(`unknown element ${name}`, path ? `${path}.${name}` : name);
    const inner = path ? `${path}.${member.label}` : member.label;
    input[member.key] = elementValue(member.shape, child, inner, member.flattened);
  }
  return input;
}

function elementValue(
  shape: Shape,
  element: Element | readonly Element[],
  path: string,
  flattened = false,
): unknown {
  if (shape.type === "list") return listOf(shape, element, path, flattened || shape.flattened);
  const [first = "", ...others] = all(element);
  if (others.length > 0 && shape.type !== "map") throw new XmlError("repeated element", path);
  if (shape.type === "structure") return structureOf(shape, first, path);
  if (shape.type === "map") return mapOf(shape, element, path, flattened || shape.flattened);
  const text = typeof first === "string" ? first : first["#text"];
  if (typeof text !== "string") throw new XmlError("elements where text is expected", path);
  return scalarOf(shape, text, path);
}

function listOf(
  shape: ListShape,
  element: Element | readonly Element[],
  path: string,
  flattened: boolean,
): unknown[] {
  const items = flattened
    ? all(element)
    : all(element).flatMap((wrapper) => childrenOf(wrapper, shape.itemName, path));
  return items.map((item, index) => elementValue(shape.item, item, `${path}.${index + 1}.member`));
}

function childrenOf(wrapper: Element, name: string, path: string): readonly Element[] {
  if (typeof wrapper === "string") return [];
  const stranger = Object.keys(wrapper).find(
    (other) => other !== name && other !== "#text" && !other.startsWith("xmlns"),
  );
  if (stranger) throw new XmlError(`unknown element ${stranger}`, `${path}.${stranger}`);
  return all(wrapper[name] ?? []);
}

function mapOf(
  shape: MapShape,
  element: Element | readonly Element[],
  path: string,
  flattened: boolean,
): Record<string, unknown> {
  const entries = flattened
    ? all(element)
    : all(element).flatMap((wrapper) => childrenOf(wrapper, "entry", path));
  const result: Record<string, unknown> = Object.create(null);
  for (const entry of entries) {
    const key = typeof entry === "string" ? undefined : entry[shape.keyName];
    const value = typeof entry === "string" ? undefined : entry[shape.valueName];
    if (typeof key === "string" && value !== undefined)
      result[key] = elementValue(shape.value, value, `${path}.${key}`);
  }
  return result;
}

function all(element: Element | readonly Element[]): readonly Element[] {
  return Array.isArray(element) ? element : [element as Element];
}
