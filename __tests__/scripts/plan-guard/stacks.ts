import { environments } from "../../../stacks/environments";
import { accountStack } from "../../support/account-stack";
import { everySwitch } from "../../support/every-switch";
import { serviceStacks } from "../../support/service-stacks";
import type { SynthesizedStack } from "../../support/synthesized-stack";

const pipelineAccess = {
  issuer: "token.actions.githubusercontent.com",
  subject: "repo:example/serverless-app:*",
};

/** Every stack, and every switch of an environment: with all of them, every type that can be in a stack. */
export const everyStack = (): readonly SynthesizedStack[] => [
  accountStack({ pipelineAccess }),
  ...serviceStacks([...environments, ...everySwitch]),
];

export function typesOf(stacks: readonly SynthesizedStack[]): readonly string[] {
  const types = stacks.flatMap(({ blocks }) => blocks.filter(({ mode }) => mode === "resource"));
  return [...new Set(types.map(({ type }) => type))].sort();
}
