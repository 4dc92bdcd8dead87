import { UserError } from "../../packages/terminal/user-error";
import { differences, forcedBy } from "./differences";
import { guardedTypes } from "./guarded-types";
import { type Kind, kinds, type PlannedChange } from "./planned-change";
import type { ResourceChange, TerraformPlan } from "./terraform-plan";

/**
 * What a plan does to resources: what goes first, then in alphabetical order.
 * @throws UserError, exit code 2, where the plan does what is not known here
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
  const planned = [
    ...changes.map((change) => ({ change, notes: gone.has(change.address) ? [goneOutside] : [] })),
    ...deferred.map(({ reason, resource_change: change }) => ({
      change,
      notes: [`put off to a later plan: ${reason}`],
    })),
  ];
  return planned
    .filter(({ change }) => change.mode === "managed")
    .flatMap(({ change, notes }) => describe(change, notes) ?? [])
    .sort(
      (one, other) =>
        kinds.indexOf(one.kind) - kinds.indexOf(other.kind) || (one.address < other.address ? -1 : 1),
    );
}

const goneOutside = "was there, and is gone: not by Terraform";

/** @returns undefined where nothing happens */
function describe(change: ResourceChange, notes: readonly string[]): PlannedChange | undefined {
  const kind = kindOf(change);
  if (!kind) return undefined;
  const { address, previous_address: previousAddress, deposed, type } = change;
  const loss = kind === "destroyed" || kind === "replaced" ? guardedTypes[type] : undefined;
  return {
    kind,
    address: deposed ? `${address}#${deposed}` : address,
    ...(previousAddress && { previousAddress }),
    type,
    why: [
      ...(deposed ? ["left behind by a replacement that was interrupted"] : []),
      ...(previousAddress ? [`was ${previousAddress}`] : []),
      ...reasonOf(change),
      ...(kind === "replaced" ? forcedBy(change.change) : []),
      ...(kind === "changed" || kind === "moved" || kind === "imported" ? differences(change.change) : []),
      ...notes,
    ],
    ...(loss && { loss }),
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
    `the plan has the actions "${actions}" for ${address}, which are not known here: read the plan itself (terraform show plan)`,
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
  // The old object stays on AWS, where the stack uses it no more.
  "create,forget": "replaced",
  "forget,create": "replaced",
};

function reasonOf({ action_reason: reason, change }: ResourceChange): readonly string[] {
  const stays = change.actions.includes("forget")
    ? [`${change.actions.length > 1 ? "the old one " : ""}stays on AWS, where Terraform knows it no more`]
    : [];
  return reason ? [reasons[reason] ?? reason, ...stays] : stays;
}

/** Terraform's words for why, in a reviewer's. */
const reasons: Readonly<Record<string, string>> = {
  replace_because_cannot_update: "cannot be changed in place",
  replace_because_tainted: "is tainted: it was not made in full",
  replace_by_request: "asked for by -replace",
  replace_by_triggers: "asked for by its replace_triggered_by",
  delete_because_no_resource_config: "is no longer in the configuration",
  delete_because_no_module: "its module is no longer in the configuration",
  delete_because_no_move_target: "was moved to where the configuration has nothing",
  delete_because_count_index: "its index is beyond its count",
  delete_because_each_key: "its key is no longer in its for_each",
  delete_because_wrong_repetition: "has got, or lost, its count or for_each",
};
