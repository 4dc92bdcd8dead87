import type { TerraformState } from "../../../scripts/lib/terraform-state";
import type { Block, Json, Resources } from "./mutation";

/**
 * A program whose references are replaced by the values that they have in a state, and without an order. Then a change of
 * one resource changes no other, such as an API's deployment, which Terraform would replace; and nothing is protected from
 * a change.
 */
export function frozenProgram(resources: Resources, state: TerraformState): Resources {
  return mapValues(resources, (byName, type) =>
    mapValues(byName, (block, name) => {
      const live = state.resources.find((one) => one.type === type && one.name === name)?.instances[0];
      const { depends_on: _, lifecycle: __, ...rest } = block;
      return live ? (frozen(rest, live.attributes) as Block) : rest;
    }),
  );
}

/** A state without the order that it records, which Terraform would follow when it destroys something. */
export function withoutOrder(state: TerraformState): TerraformState {
  const resources = state.resources.map((resource) => ({
    ...resource,
    instances: resource.instances.map(
      ({ dependencies: _, create_before_destroy: __, ...instance }: Instance) => instance,
    ),
  }));
  return { ...state, resources };
}

type Instance = TerraformState["resources"][number]["instances"][number] & {
  readonly create_before_destroy?: boolean;
};

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
