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

const known = new Map<string, SynthesizedStack>();

/** One of them, synthesized once. @throws Error where no environment has that name */
export const serviceStack = (environmentName: string): SynthesizedStack => {
  const ofThatName = () => environments.filter(({ name }) => name === environmentName);
  const stack = known.get(environmentName) ?? serviceStacks(ofThatName())[0];
  if (!stack) throw new Error(`there is no environment ${environmentName}`);
  known.set(environmentName, stack);
  return stack;
};
