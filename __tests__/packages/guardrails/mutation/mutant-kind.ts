import type { JudgedMutant } from "./judge-mutants";

/** Mutants that nothing catches, by what they change, with the reason why that is accepted. */
export interface MutantKind {
  /** Matches the whole attribute: `aws_sqs_queue.name`, or a type alone for a whole resource. */
  readonly attribute: RegExp;
  /** @default every operator */
  readonly operators?: readonly string[];
  /** @default every stack */
  readonly stack?: string;
  readonly reason: string;
}

export function isOfKind({ stack, mutant }: JudgedMutant, kind: MutantKind): boolean {
  return (
    new RegExp(`^(?:${kind.attribute.source})$`).test(mutant.attribute) &&
    (kind.operators?.includes(mutant.operator) ?? true) &&
    (kind.stack === undefined || kind.stack === stack)
  );
}
