import type { Clients } from "../../../scripts/verify/clients";
import type { Target } from "../faults";

/** A thing that somebody attaches from outside. */
export interface Attachment {
  readonly name: string;
  /** What the finding about it says. */
  readonly named: RegExp;
  /** Whether it can do no harm, so that it is only mentioned. */
  readonly harmless?: boolean;
  readonly plant: (target: Target) => Promise<unknown>;
  /** Gets what `plant` returned. */
  readonly undo: (target: Target, planted: never) => Promise<unknown>;
}

/** Takes what it planted back with what `plant` returned. */
export function attachment<T>(one: {
  readonly name: string;
  readonly named: RegExp;
  readonly harmless?: boolean;
  readonly plant: (clients: Clients, target: Target) => Promise<T>;
  readonly undo: (clients: Clients, target: Target, planted: T) => Promise<unknown>;
}): Attachment {
  return {
    ...one,
    plant: (target) => one.plant(target.clients, target),
    undo: (target, planted) => one.undo(target.clients, target, planted),
  };
}

export const restApiId = ({ outputs }: Target) => outputs["api-id"];
