import { type Environment, environments } from "../../stacks/environments";
import { ServiceStack } from "../../stacks/service-stack";
import { fakeBundler } from "./fake-bundler";
import { synthesizeApp } from "./synthesize";
import type { SynthesizedStack } from "./synthesized-stack";

/** The stacks that main.ts creates, with fake bundles. */
export const serviceStacks = (from: readonly Environment[] = environments): readonly SynthesizedStack[] =>
  synthesizeApp((app) => {
    for (const environment of from) {
      new ServiceStack(app, `${environment.name}-stack`, { environment, bundler: fakeBundler });
    }
  });

const cache = new Map<string, SynthesizedStack>();

/** One of them, synthesized once. @throws Error if no environment has that name */
export const serviceStack = (environmentName: string): SynthesizedStack => {
  const ofThatName = () => environments.filter(({ name }) => name === environmentName);
  const stack = cache.get(environmentName) ?? serviceStacks(ofThatName())[0];
  if (!stack) throw new Error(`no environment is named ${environmentName}`);
  cache.set(environmentName, stack);
  return stack;
};
