import { type Environment, environments } from "../../stacks/environments";
import { ServiceStack } from "../../stacks/service-stack";
import { fakeBundler } from "./fake-bundler";
import { synthesizeApp } from "./synthesize";
import type { SynthesizedStack } from "./synthesized-stack";

/** The stacks that main.ts makes, with functions that were not bundled. */
export const serviceStacks = (from: readonly Environment[] = environments): readonly SynthesizedStack[] =>
  synthesizeApp((app) => {
    for (const environment of from) {
      new ServiceStack(app, `${environment.name}-stack`, { environment, bundler: fakeBundler });
    }
  });

/** @throws Error where no environment has that name */
export const serviceStack = (environmentName: string): SynthesizedStack => {
  const [stack] = serviceStacks(environments.filter(({ name }) => name === environmentName));
  if (stack) return stack;
  throw new Error(`there is no environment ${environmentName}`);
};
