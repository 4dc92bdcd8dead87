import type { Block, Json, JsonObject } from "./block";
import type { SynthesizedStack } from "./synthesized-stack";

/**
 * Every block that Terraform finishes before it starts this one, by way of locals and other blocks too.
 * @param stopsAt blocks whose own dependencies are not followed
 */
export function dependenciesOf(
  stack: SynthesizedStack,
  block: Block,
  stopsAt: (dependency: Block) => boolean = () => false,
): readonly Block[] {
  const locals = (stack.json.locals ?? {}) as JsonObject;
  const byAddress = new Map(stack.blocks.map((candidate) => [candidate.address, candidate]));
  const found = new Set<Block>();
  const seenLocals = new Set<string>();
  const visit = (value: Json): void => {
    for (const name of namesIn(value, /\blocal\.([\w-]+)/g)) {
      if (seenLocals.has(name)) continue;
      seenLocals.add(name);
      const local = locals[name];
      if (local === undefined)
        throw new Error(`${stack.name}: ${block.address} refers to an unknown local.${name}`);
      visit(local);
    }
    for (const address of namesIn(value, /((?:\bdata\.)?\b[a-z]\w*_\w+\.[\w-]+)/g)) {
      const dependency = byAddress.get(address);
      if (!dependency || dependency === block || found.has(dependency)) continue;
      found.add(dependency);
      if (!stopsAt(dependency)) visit(dependency.attributes);
    }
  };
  visit(block.attributes);
  return [...found];
}

/** What a pattern finds in texts with references (`${…}`), and in `depends_on`, whose addresses stand alone. */
function namesIn(value: Json, pattern: RegExp): readonly string[] {
  if (typeof value === "string") {
    if (!value.includes("${") && !/^[\w.-]+$/.test(value)) return [];
    return [...value.matchAll(pattern)].map(([, name = ""]) => name);
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((inner) => namesIn(inner as Json, pattern));
}
