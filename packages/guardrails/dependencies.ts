import { referencesIn, templateParts } from "./expression";
import { type Resource, type StackView, stringsIn } from "./stack-view";

/** The blocks that a value refers to itself, through locals at most. */
export function directReferences(stack: StackView, value: unknown): readonly Resource[] {
  const found = new Set<Resource>();
  const locals = new Set<string>();
  const collect = (one: unknown): void => {
    for (const text of stringsIn(one)) {
      if (!text.includes("${")) continue;
      const expressions = templateParts(text).flatMap((part) =>
        "expression" in part ? [part.expression] : [],
      );
      for (const reference of expressions.flatMap(referencesIn)) {
        if ("local" in reference) {
          if (locals.has(reference.local)) continue;
          locals.add(reference.local);
          collect(stack.json.locals?.[reference.local]);
        } else {
          const block = stack.find(reference.address);
          if (block) found.add(block);
        }
      }
    }
  };
  collect(value);
  return [...found];
}

/** The blocks that Terraform creates before a block. */
function dependenciesOf(block: Resource): readonly Resource[] {
  const waitedFor = block.texts("depends_on").flatMap((address) => block.stack.find(address) ?? []);
  return [...directReferences(block.stack, block.written()), ...waitedFor];
}

/** @returns the blocks from one to another along its dependencies, both included; undefined if it does not depend on it */
export function dependencyPath(from: Resource, to: Resource): readonly Resource[] | undefined {
  const seen = new Set<Resource>([from]);
  const paths: Resource[][] = [[from]];
  for (let path = paths.shift(); path; path = paths.shift()) {
    const last = path.at(-1);
    if (last === to) return path;
    for (const next of last ? dependenciesOf(last) : []) {
      if (seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return undefined;
}
