import { knownValues, type Mutant, mutantsOf } from "./mutants";
import type { MutatedStack } from "./mutated-stacks";
import { TerraformVerdicts } from "./terraform-verdicts";

export interface JudgedMutant {
  readonly stack: string;
  readonly mutant: Mutant;
  /** The rule that found it, or Terraform's command and error; undefined if nothing did. */
  readonly caughtBy: string | undefined;
}

interface Judging {
  /** @default every mutant */
  readonly isChosen?: (mutant: Mutant, stack: MutatedStack) => boolean;
  readonly onProgress?: (done: number) => void;
}

/** Checks mutants with the guardrails, and those that pass with Terraform. */
export async function judgeMutants(
  stacks: readonly MutatedStack[],
  { isChosen = () => true, onProgress }: Judging = {},
): Promise<readonly JudgedMutant[]> {
  const known = knownValues(stacks.map(({ json }) => json));
  const judged: JudgedMutant[] = [];
  for (const stack of stacks) {
    const survivors: Mutant[] = [];
    for (const mutant of mutantsOf(stack.json, known)) {
      if (!isChosen(mutant, stack)) continue;
      const caughtBy = foundByRules(stack, mutant);
      if (caughtBy) judged.push({ stack: stack.name, mutant, caughtBy });
      else survivors.push(mutant);
      onProgress?.(judged.length + survivors.length);
    }
    const terraform = new TerraformVerdicts(stack);
    try {
      const refused = await terraform.refused(survivors);
      judged.push(
        ...survivors.map((mutant) => ({ stack: stack.name, mutant, caughtBy: refused.get(mutant) })),
      );
    } finally {
      terraform.remove();
    }
  }
  return judged;
}

/** @throws Error that names the mutant if a rule cannot check it */
function foundByRules(stack: MutatedStack, mutant: Mutant): string | undefined {
  try {
    const { violations, optionProblems } = stack.checkMutant(mutant);
    return violations[0]?.rule.id ?? (optionProblems.length > 0 ? "unused option" : undefined);
  } catch (error) {
    const { attribute, operator, address } = mutant;
    throw new Error(`${stack.name}: the rules crash on ${address}, ${attribute}: ${operator}`, {
      cause: error,
    });
  }
}
