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
  readonly isChosen: (mutant: Mutant, stack: MutatedStack) => boolean;
  readonly onProgress: (done: number) => void;
}

/** Checks mutants with the guardrails, and those that pass with Terraform. */
export async function judgeMutants(
  stacks: readonly MutatedStack[],
  { isChosen, onProgress }: Judging,
): Promise<readonly JudgedMutant[]> {
  const known = knownValues(stacks.map(({ json }) => json));
  const judged: JudgedMutant[] = [];
  /** What Terraform says of a block is the same in every environment. */
  const verdicts = new Map<string, string | undefined>();
  for (const stack of stacks) {
    const passed: Mutant[] = [];
    for (const mutant of mutantsOf(stack.json, known)) {
      if (!isChosen(mutant, stack)) continue;
      const caughtBy = foundByRules(stack, mutant);
      if (caughtBy) judged.push({ stack: stack.name, mutant, caughtBy });
      else passed.push(mutant);
      onProgress(judged.length + passed.length);
    }
    const terraform = new TerraformVerdicts(stack);
    try {
      const unknown = passed.filter((mutant) => !verdicts.has(keyOf(mutant, stack)));
      const refused = await terraform.refused(unknown);
      for (const mutant of unknown) verdicts.set(keyOf(mutant, stack), refused.get(mutant));
    } finally {
      terraform.remove();
    }
    judged.push(
      ...passed.map((mutant) => ({
        stack: stack.name,
        mutant,
        caughtBy: verdicts.get(keyOf(mutant, stack)),
      })),
    );
  }
  return judged;
}

/** @returns the rule's id */
function foundByRules(stack: MutatedStack, mutant: Mutant): string | undefined {
  try {
    const { violations, optionProblems } = stack.checkMutant(mutant);
    const [first] = violations.filter(({ rule }) => rule.id !== "stack-promises-kept");
    return (first ?? violations[0])?.rule.id ?? (optionProblems.length > 0 ? "an unused option" : undefined);
  } catch (cause) {
    const { attribute, operator, address } = mutant;
    throw new Error(`${stack.name}: the rules crash on ${address}, ${attribute}: ${operator}`, { cause });
  }
}

function keyOf({ attribute, operator, address, path, block }: Mutant, { name }: MutatedStack): string {
  const key = JSON.stringify([attribute, operator, address, path, block]);
  return key.replaceAll(name.replace(/-stack$/, ""), "…");
}
