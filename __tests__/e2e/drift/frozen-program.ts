import type { TerraformState } from "../../../scripts/lib/terraform-state";
import type { Block, Json, Resources } from "./mutation";

/**
 * A program whose references are replaced by the values that they have in a state. Then a change of one resource changes
 * no other, such as an API's deployment, which Terraform would replace.
 */
export function frozenProgram(resources: Resources, state: TerraformState): Resources {
  return mapValues(resources, (byName, type) =>
    mapValues(byName, (block, name) => {
      const live = state.resources.find((one) => one.type === type && one.name === name)?.instances[0];
      return live ? (frozen(block, live.attributes) as Block) : block;
    }),
  );
}

function frozen(value: Json, live: unknown): Json {
  if (typeof value === "string") {
    const isKnown = typeof live === "string" || typeof live === "number" || typeof live === "boolean";
    return value.includes("${") && isKnown ? `${live}`.replaceAll("${", "$${") : value;
  }
  if (Array.isArray(value)) {
    return value.map((element, index) => frozen(element, Array.isArray(live) ? live[index] : undefined));
  }
  if (typeof value !== "object" || value === null) return value;
  // A nested block that occurs once is a list of one in the state.
  const one = Array.isArray(live) ? live[0] : live;
  const lives = (typeof one === "object" && one !== null ? one : {}) as Readonly<Record<string, unknown>>;
  return mapValues(value as Block, (member, key) => (key === "//" ? member : frozen(member, lives[key])));
}

function mapValues<Value, Mapped>(
  of: Readonly<Record<string, Value>>,
  map: (value: Value, key: string) => Mapped,
): Readonly<Record<string, Mapped>> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, map(value, key)]));
}
