import { asList, asRecord, equal, isUnset } from "./rules/values";
import type { Change } from "./terraform-plan";

/** An attribute of a resource that changes. */
export interface ChangedAttribute {
  /** Its path in the provider's schema, for example `rule.expiration.days`. */
  readonly pattern: string;
  /** Its path in this resource, for example `rule[old-versions].expiration.days`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: boolean;
  /** Whether its values must not be shown. */
  readonly sensitive: boolean;
}

interface Node {
  readonly pattern: string;
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
  readonly sensitive: readonly unknown[];
}

/**
 * The attributes that a change changes, each at the path where a rule judges it.
 * @param judgedInside the attributes of a block that rules judge one by one. Empty for a path that is judged as a whole
 */
export function changedAttributes(
  change: Change,
  judgedInside: (pattern: string) => readonly string[],
): readonly ChangedAttribute[] {
  const { before_sensitive: before, after_sensitive: after } = change;
  const visit = (node: Node): readonly ChangedAttribute[] => {
    const unknown = hasMark(node.unknown);
    if (!unknown && equal(node.before, node.after)) return [];
    if (unknown && node.unknown !== true && isUnset(node.before) && isUnset(node.after)) return [];
    const names = judgedInside(node.pattern);
    if (names.length === 0) return [attributeOf(node, unknown)];
    return elementsOf(node).flatMap((element) =>
      inside(element, element.path, `${element.pattern}.`, names).flatMap(visit),
    );
  };
  const root = { before: change.before, after: change.after, unknown: change.after_unknown };
  return inside({ pattern: "", path: "", ...root, sensitive: [before, after] }, "", "", []).flatMap(visit);
}

function attributeOf({ pattern, path, before, after, sensitive }: Node, unknown: boolean): ChangedAttribute {
  return {
    pattern,
    path,
    before: isUnset(before) ? undefined : before,
    after: isUnset(after) ? undefined : after,
    unknown,
    sensitive: sensitive.some(hasMark),
  };
}

/** A block's attributes. Of a block that is unknown, these are all that are judged. */
function inside(node: Node, path: string, prefix: string, judged: readonly string[]): readonly Node[] {
  const names = new Set([
    ...(node.unknown === true ? judged : []),
    ...[node.before, node.after, node.unknown].flatMap((value) => Object.keys(asRecord(value) ?? {})),
  ]);
  return [...names].map((name) => ({
    pattern: `${prefix}${name}`,
    path: path ? `${path}.${name}` : name,
    before: asRecord(node.before)?.[name],
    after: asRecord(node.after)?.[name],
    unknown: node.unknown === true ? true : asRecord(node.unknown)?.[name],
    sensitive: node.sensitive.map((mark) => (mark === true ? true : asRecord(mark)?.[name])),
  }));
}

/** The blocks of a list or set, each with the block that it was before. */
function elementsOf(node: Node): readonly Node[] {
  const [before, after] = [asList(node.before), asList(node.after)];
  const marks = asList(node.unknown);
  const rest = new Set(after.keys());
  const matches = new Map<number, number>();
  const match = (holds: (block: unknown, other: unknown) => boolean): void => {
    for (const [position, block] of before.entries()) {
      if (matches.has(position)) continue;
      const index = after.findIndex((other, candidate) => rest.has(candidate) && holds(block, other));
      if (index < 0) continue;
      rest.delete(index);
      matches.set(position, index);
    }
  };
  // A block that did not change is never mistaken for one that did. What is left over was renamed, at most.
  match(equal);
  match((block, other) => keyOf(block) !== undefined && keyOf(block) === keyOf(other));
  match(() => true);
  const sensitive = node.sensitive.map((mark) => (hasMark(mark) ? true : undefined));
  const isOnly = before.length <= 1 && after.length <= 1;
  const pairs = before.map((block, position) => ({ block, index: matches.get(position) ?? -1, position }));
  const added = [...rest].map((index) => ({ block: undefined, index, position: index }));
  // Which blocks there will be is unknown.
  const unknown =
    node.unknown === true && before.length === 0 ? [{ block: undefined, index: -1, position: 0 }] : [];
  return [...pairs, ...added, ...unknown].map(({ block, index, position }) => ({
    pattern: node.pattern,
    path: isOnly ? node.path : `${node.path}[${keyOf(block ?? after[index]) ?? position}]`,
    before: block,
    after: index < 0 ? undefined : after[index],
    unknown: node.unknown === true ? true : marks[index],
    sensitive,
  }));
}

/** What a block is called, if it has a name of its own. */
function keyOf(block: unknown): string | undefined {
  const { id, name, key, index_name: indexName } = asRecord(block) ?? {};
  const found = [id, name, key, indexName].find((value) => typeof value === "string" && value !== "");
  return found === undefined ? undefined : `${found}`;
}

/** Whether something in it is marked. A mark is `true` in place of a value. */
export function hasMark(marks: unknown): boolean {
  return (
    marks === true || (typeof marks === "object" && marks !== null && Object.values(marks).some(hasMark))
  );
}
