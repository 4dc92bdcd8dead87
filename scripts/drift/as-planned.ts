import type { TerraformState } from "../lib/terraform-state";
import { type Difference, differencesOf } from "./differences";
import { type DriftFinding, shown } from "./drift-finding";
import type { RefreshedState } from "./refresh-state";
import { orAbsent } from "./same-as-absent";
import { addressOf, type ManagedInstance, managedInstances } from "./state-instances";
import { reasonNotToCompare } from "./unjudged-attributes";

/** The name of a resource for people: its construct's path, or its address if the program does not have it. */
export type PathOf = (address: string) => string;

/** Compares every attribute of every managed resource with the state. @returns one finding per difference */
export function asPlannedFindings(
  state: TerraformState,
  refreshed: RefreshedState,
  pathOf: PathOf,
): readonly DriftFinding[] {
  const live = new Map(managedInstances(refreshed.state).map((managed) => [keyOf(managed), managed]));
  const gone = managedInstances(state).filter((managed) => !live.has(keyOf(managed)));
  let compared = 0;
  const changed = managedInstances(state).flatMap((managed) => {
    const found = live.get(keyOf(managed));
    if (!found) return [];
    const before = Object.entries(managed.instance.attributes);
    compared += before.length;
    return before.flatMap(([attribute, shouldBe]) =>
      changesOf(state, managed, found, attribute, shouldBe).map((difference) =>
        changeFinding(managed, difference, pathOf),
      ),
    );
  });
  const findings = [
    ...goneFindings(gone, state, refreshed, pathOf),
    ...[...refreshed.unread].map(([address, reason]) => ({
      check: `as-planned/${pathOf(address)}`,
      verdict: "unchecked" as const,
      detail: `Terraform could not read it: ${reason}`,
      address,
    })),
    ...changed,
  ];
  if (findings.length > 0) return findings;
  const detail = `${live.size} resources with ${compared} attributes are as Terraform's state has them`;
  return [{ check: "as-planned/resources", verdict: "passed", detail }];
}

function keyOf({ resource, instance }: ManagedInstance): string {
  return `${addressOf(resource)}\0${JSON.stringify(instance.index_key ?? null)}`;
}

function changesOf(
  state: TerraformState,
  { resource, instance }: ManagedInstance,
  found: ManagedInstance,
  attribute: string,
  shouldBe: unknown,
): readonly Difference[] {
  if (reasonNotToCompare(state, resource.type, instance.attributes, attribute)) return [];
  const [expected, actual] = [shouldBe, found.instance.attributes[attribute]].map((value) =>
    orAbsent(resource.type, attribute, value),
  );
  return differencesOf(expected, actual, attribute);
}

function changeFinding(managed: ManagedInstance, difference: Difference, pathOf: PathOf): DriftFinding {
  const address = addressOf(managed.resource);
  const { path, is, shouldBe } = difference;
  const detail = isSecret(managed, path)
    ? `${path} differs from what was deployed (its value is not shown)`
    : `${path} is ${shown(is)}, not ${shown(shouldBe)}`;
  return { check: `as-planned/${pathOf(address)}`, verdict: "failed", detail, address, attribute: path };
}

/** What the provider marks as sensitive, except parameters that are not encrypted; and functions' variables. */
function isSecret({ resource, instance }: ManagedInstance, path: string): boolean {
  if (resource.type === "aws_lambda_function" && path.startsWith("environment")) return true;
  if (resource.type === "aws_ssm_parameter" && instance.attributes.type === "String") return false;
  const { sensitive_attributes: sensitive = [] } = instance;
  return sensitive.some(([first]) => path === first?.value || path.startsWith(`${first?.value}[`));
}

/** What belongs to something that is gone is gone with it, and named with it. */
function goneFindings(
  gone: readonly ManagedInstance[],
  state: TerraformState,
  { unread }: RefreshedState,
  pathOf: PathOf,
): readonly DriftFinding[] {
  const missing = gone.filter(({ resource }) => !unread.has(addressOf(resource)));
  const partsOf = (whole: ManagedInstance): readonly ManagedInstance[] =>
    missing.filter((one) => isPartOf(one, whole, state)).flatMap((part) => [part, ...partsOf(part)]);
  const parts = new Set(missing.flatMap(partsOf));
  return missing
    .filter((managed) => !parts.has(managed))
    .map((whole): DriftFinding => {
      const address = addressOf(whole.resource);
      const alsoGone = new Set(partsOf(whole).map(({ resource }) => pathOf(addressOf(resource))));
      const also = alsoGone.size > 0 ? `, and with it ${[...alsoGone].join(", ")}` : "";
      return {
        check: `as-planned/${pathOf(address)}`,
        verdict: "failed",
        detail: `it is gone${also}`,
        address,
      };
    });
}

/** Whether a resource names another one's id as that of what it belongs to: a queue's policy, a function's alias. */
function isPartOf({ instance }: ManagedInstance, whole: ManagedInstance, state: TerraformState): boolean {
  const { id } = whole.instance.attributes;
  return (
    dependsOn(instance, whole) &&
    Object.values(instance.attributes).includes(id) &&
    // What has the id of something else, such as a bucket's versioning, is a part itself.
    !managedInstances(state).some(
      (other) => dependsOn(whole.instance, other) && other.instance.attributes.id === id,
    )
  );
}

function dependsOn(instance: ManagedInstance["instance"], { resource }: ManagedInstance): boolean {
  return instance.dependencies?.includes(addressOf(resource)) ?? false;
}
