import type { RequestHead } from "../gaps/gap";
import type { Input } from "./check-input";
import { readJson } from "./read-json";
import { readXml } from "./read-xml";
import type { Route } from "./route";
import type { Member, StructureShape } from "./shapes";
import { scalarOf } from "./text-values";

/** Whether a request's body has anything to check. A blob has not: it is the caller's own data. */
export function hasCheckedBody(shape: StructureShape | undefined): boolean {
  if (!shape) return false;
  const { payload } = shape;
  if (payload) return payload.shape.type === "structure";
  return shape.members.some(({ location }) => location === undefined);
}

/**
 * Reads the input of the REST protocols: labels in the path, query, headers and body.
 * @throws SerializationError at the first value of another type
 */
export function readRest({ operation, labels }: Route, head: RequestHead, body: string, xml: boolean): Input {
  const shape = operation.input;
  if (!shape) return {};
  const input: Record<string, unknown> = {};
  for (const member of shape.members) {
    const value = locatedValue(member, labels, head);
    if (value !== undefined) input[member.key] = value;
  }
  const { payload } = shape;
  if (!payload) {
    if (body.trim() !== "")
      Object.assign(input, bodyMembers(shape, xml ? readXml(shape, body) : readJson(body)));
    return input;
  }
  if (payload.shape.type !== "structure") return { ...input, [payload.key]: "" };
  if (body.trim() !== "") input[payload.key] = xml ? readXml(payload.shape, body) : readJson(body);
  return input;
}

/** What the body says of a member in the path or a header does not count. */
function bodyMembers(shape: StructureShape, body: Input): Input {
  const members: Record<string, unknown> = {};
  for (const { key, location } of shape.members) if (location === undefined) members[key] = body[key];
  return members;
}

function locatedValue(
  { location, wireName, shape, label }: Member,
  labels: Readonly<Record<string, string>>,
  { query, headers }: RequestHead,
): unknown {
  switch (location) {
    case "uri":
      return labels[wireName] === undefined ? undefined : scalarOf(shape, labels[wireName], label);
    case "querystring":
      if (shape.type === "map" || !query.has(wireName)) return undefined;
      if (shape.type !== "list") return scalarOf(shape, query.get(wireName) ?? "", label);
      return query.getAll(wireName).map((text) => scalarOf(shape.item, text, label));
    case "header": {
      const text = headers[wireName.toLowerCase()]?.toString();
      if (text === undefined) return undefined;
      if (shape.type !== "list") return scalarOf(shape, text, label);
      return text.split(",").map((item) => scalarOf(shape.item, item.trim(), label));
    }
    default:
      return undefined;
  }
}
