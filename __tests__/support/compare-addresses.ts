import type { SynthesizedStack } from "./synthesized-stack";

/**
 * Terraform identifies a resource by its address only. If an address disappears, it destroys the resource and its data.
 * @returns what would be destroyed and created, and what to do; `undefined` if nothing differs
 */
export function compareAddresses(stack: SynthesizedStack, golden: readonly string[]): string | undefined {
  const paths = new Map(stack.blocks.map(({ address, path }) => [address, path]));
  const destroyed = golden.filter((address) => !paths.has(address));
  const created = [...paths.keys()].filter((address) => !golden.includes(address));
  if (destroyed.length + created.length === 0) return undefined;
  return [
    `${stack.name}: the addresses of its resources differ from logical-ids.json.`,
    ...destroyed.map((address) => `  would be destroyed: ${address}`),
    ...created.map((address) => `  would be created:   ${address} (${paths.get(address)})`),
    "A construct's id is part of the address: keep it, or move the resource with moveFromId(<old id>).",
    "If the change is intended, run npm run update.",
  ].join("\n");
}
