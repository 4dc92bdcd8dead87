import type { Mutant } from "./mutants";

/** Mutants that nothing catches, by what they change, with the reason why that is accepted. */
export interface MutantKind {
  /** Matches the attribute: `aws_sqs_queue.name`, or a type alone for a whole resource. */
  readonly attribute: RegExp;
  /** @default every operator */
  readonly operators?: readonly string[];
  readonly reason: string;
}

export function isOfKind({ attribute, operator }: Mutant, kind: MutantKind): boolean {
  return kind.attribute.test(attribute) && (kind.operators?.includes(operator) ?? true);
}
