import { awsFailure } from "../lib/aws-failure";
import { isEmulator } from "../lib/is-emulator";
import type { TerraformState } from "../lib/terraform-state";
import { instancesOf } from "../lib/terraform-state";
import type { Clients } from "../verify/clients";
import type { PathOf } from "./as-planned";
import { allProbes } from "./beside/all-probes";
import type { Look, Probe, Stranger } from "./beside/probe";
import type { DriftFinding } from "./drift-finding";
import { addressOf, type ManagedInstance, managedInstances } from "./state-instances";

/** Why a kind of thing could not be looked for. */
type Failure = { readonly reason: string; readonly isEmulatorsLack: boolean };

/** Looks for everything that is attached to the state's resources from outside. @returns one finding per thing */
export async function nothingBesideFindings(
  state: TerraformState,
  clients: Clients,
  pathOf: PathOf,
  probes: readonly Probe[] = allProbes,
): Promise<readonly DriftFinding[]> {
  const look: Look = { clients, planned: (type) => instancesOf(state, type) };
  const looked = await Promise.all(
    managedInstances(state).flatMap((managed) =>
      probes
        .filter(({ type }) => type === managed.resource.type)
        .map((probe) => lookFor(probe, managed, look)),
    ),
  );
  const strangers = looked.flatMap(({ managed, found }) =>
    found.map((stranger) => strangerFinding(managed, stranger, pathOf)),
  );
  const failures = looked.flatMap(({ managed, probe, failure }) =>
    failure && !failure.isEmulatorsLack ? [failureFinding(managed, probe, failure, pathOf)] : [],
  );
  const lacks = new Set(looked.flatMap(({ probe, failure }) => (failure?.isEmulatorsLack ? probe.kind : [])));
  const found = withoutRepetition([...strangers, ...failures]);
  const summary: DriftFinding = {
    check: "nothing-beside/resources",
    verdict: "passed",
    detail: `${new Set(probes.map(({ kind }) => kind)).size - lacks.size} kinds of things were looked for${
      lacks.size > 0 ? `; the emulator does not have ${[...lacks].sort().join(", ")}` : ""
    }`,
  };
  return found.some(({ verdict }) => verdict === "failed" || verdict === "unchecked")
    ? found
    : [...found, summary];
}

interface Looked {
  readonly probe: Probe;
  readonly managed: ManagedInstance;
  readonly found: readonly Stranger[];
  readonly failure?: Failure;
}

async function lookFor(probe: Probe, managed: ManagedInstance, look: Look): Promise<Looked> {
  try {
    return { probe, managed, found: await probe.strangers(managed.instance.attributes, look) };
  } catch (error) {
    const { name, message, $metadata } = error as Error & {
      readonly $metadata?: { readonly httpStatusCode?: number };
    };
    // What is gone has nothing attached. The comparison with the state reports it.
    if (/NotFound|NoSuch|NonExistent|DoesNotExist/i.test(name)) return { probe, managed, found: [] };
    const unknown =
      /^(?:Unknown|Unsupported)Operation|^InvalidAction|NotImplemented/.test(name) ||
      /^Unknown action/.test(message) ||
      $metadata?.httpStatusCode === 501;
    return {
      probe,
      managed,
      found: [],
      failure: { reason: awsFailure(error), isEmulatorsLack: unknown && isEmulator() },
    };
  }
}

function strangerFinding({ resource }: ManagedInstance, stranger: Stranger, pathOf: PathOf): DriftFinding {
  const address = addressOf(resource);
  return {
    check: `nothing-beside/${pathOf(address)}`,
    verdict: stranger.harmless ? "warned" : "failed",
    detail: `not in Terraform's state: ${stranger.what}`,
    address,
  };
}

function failureFinding(
  { resource }: ManagedInstance,
  { kind }: Probe,
  { reason }: Failure,
  pathOf: PathOf,
): DriftFinding {
  const address = addressOf(resource);
  return {
    check: `nothing-beside/${pathOf(address)}`,
    verdict: "unchecked",
    detail: `${kind}: ${reason}`,
    address,
  };
}

/** A mapping is found from its function and from its source. It is reported once. */
function withoutRepetition(findings: readonly DriftFinding[]): readonly DriftFinding[] {
  const details = new Set<string>();
  return findings.filter(({ verdict, detail, check }) => {
    const key = verdict === "unchecked" ? `${check} ${detail}` : detail;
    const isFirst = !(details.has(key) && /mapping|account/.test(detail));
    details.add(key);
    return isFirst;
  });
}
