import type { SynthesizedStack } from "./synthesized-stack";

/**
 * Terraform knows a resource by its address alone: one that is gone is destroyed with all that it holds.
 * @returns what would be destroyed and created, and what to do; `undefined` where nothing differs
 */
export function compareAddresses(stack: SynthesizedStack, golden: readonly string[]): string | undefined {
  const paths = new Map(stack.blocks.map(({ address, path }) => [address, path]));
  const destroyed = golden.filter((address) => !paths.has(address));
  const created = [...paths.keys()].filter((address) => !golden.includes(address));
  if (destroyed.length + created.length === 0) return undefined;
  return [
    `${stack.name}: the addresses of its resources are not those of logical-ids.json.`,
    ...destroyed.map((address) => `  would be destroyed: ${address}`),
    ...created.map((address) => `  would be created:   ${address} (${paths.get(address)})`),
    "A construct's id is part of the address: keep it, or move the resource with moveFromId(<old id>).",
    "Where it is meant so, change the list in __tests__/stacks/logical-ids.json.",
  ].join("\n");
}
