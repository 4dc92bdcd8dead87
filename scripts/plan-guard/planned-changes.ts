import { UserError } from "../../packages/terminal/user-error";
import { differences, forcedBy } from "./differences";
import { judgeChange } from "./judge-change";
import { outputChanges } from "./output-changes";
import { rejectionOf } from "./path-variables";
import { PlanIndex } from "./plan-index";
import { type Kind, kinds, type PlannedChange } from "./planned-change";
import type { ResourceChange, TerraformPlan } from "./terraform-plan";

/**
 * A plan's changes to resources, sorted by kind (destroyed first), then by address.
 * @throws UserError, exit code 2, if the plan has an unknown kind of change
 */
export function plannedChanges(plan: TerraformPlan): readonly PlannedChange[] {
  const {
    resource_changes: changes = [],
    deferred_changes: deferred = [],
    resource_drift: drift = [],
  } = plan;
  const gone = new Set(
    drift.filter(({ change }) => change.actions.join() === "delete").map(({ address }) => address),
  );
  const index = new PlanIndex(plan);
  const planned = [
    ...changes.map((change) => ({ change, notes: gone.has(change.address) ? [deletedOutside] : [] })),
    ...outputChanges(plan).map((change) => ({ change, notes: [] })),
    ...deferred.map(({ reason, resource_change: change }) => ({
      change,
      notes: [`deferred to a later plan: ${reason}`],
    })),
  ];
  return planned
    .filter(({ change }) => change.mode === "managed")
    .flatMap(({ change, notes }) => describe(change, notes, { index, changes }) ?? [])
    .sort(
      (one, other) =>
        kinds.indexOf(one.kind) - kinds.indexOf(other.kind) || (one.address < other.address ? -1 : 1),
    );
}

const deletedOutside = "was deleted outside Terraform";

/** @returns undefined if nothing happens */
function describe(
  change: ResourceChange,
  notes: readonly string[],
  { index, changes }: { readonly index: PlanIndex; readonly changes: readonly ResourceChange[] },
): PlannedChange | undefined {
  const kind = kindOf(change);
  if (!kind) return undefined;
  const { previous_address: previousAddress, deposed, type } = change;
  const address = deposed ? `${change.address}#${deposed}` : change.address;
  const { losses, access, unjudged } = judgeChange(change, address, index);
  const rejection = rejectionOf(change, changes);
  return {
    kind,
    address,
    ...(previousAddress && { previousAddress }),
    type,
    why: [
      ...(deposed ? ["left behind by an interrupted replacement"] : []),
      ...(previousAddress ? [`was ${previousAddress}`] : []),
      ...reasonOf(change),
      ...(kind === "replaced" ? forcedBy(change.change) : []),
      ...(kind === "changed" || kind === "moved" || kind === "imported" ? differences(change.change) : []),
      ...notes,
    ],
    losses,
    access,
    unjudged,
    ...(rejection && { rejection }),
  };
}

function kindOf({ address, previous_address: previousAddress, change }: ResourceChange): Kind | undefined {
  const actions = change.actions.join();
  if (actions in kindsOfActions) {
    const kind = kindsOfActions[actions];
    if (kind) return kind;
    return change.importing ? "imported" : previousAddress ? "moved" : undefined;
  }
  throw new UserError(
    `the plan has the unknown actions "${actions}" for ${address}: review the plan itself (terraform show plan)`,
    { exitCode: 2 },
  );
}

/** By Terraform's actions. */
const kindsOfActions: Readonly<Record<string, Kind | undefined>> = {
  "no-op": undefined,
  read: undefined,
  create: "created",
  update: "changed",
  delete: "destroyed",
  forget: "forgotten",
  "delete,create": "replaced",
  "create,delete": "replaced",
  // The old object stays on AWS, but the stack no longer uses it.
  "create,forget": "replaced",
  "forget,create": "replaced",
};

function reasonOf({ action_reason: reason, change }: ResourceChange): readonly string[] {
  const stays = change.actions.includes("forget")
    ? [`${change.actions.length > 1 ? "the old one " : ""}stays on AWS, but Terraform no longer manages it`]
    : [];
  return reason ? [reasons[reason] ?? reason, ...stays] : stays;
}

/** Terraform's reasons, worded for a reviewer. */
const reasons: Readonly<Record<string, string>> = {
  replace_because_cannot_update: "cannot be changed in place",
  replace_because_tainted: "is tainted: it was not created completely",
  replace_by_request: "requested by -replace",
  replace_by_triggers: "triggered by its replace_triggered_by",
  delete_because_no_resource_config: "is no longer in the configuration",
  delete_because_no_module: "its module is no longer in the configuration",
  delete_because_no_move_target: "was moved to an address that is not in the configuration",
  delete_because_count_index: "its index is out of its count's range",
  delete_because_each_key: "its key is no longer in its for_each",
  delete_because_wrong_repetition: "its count or for_each was added or removed",
};
