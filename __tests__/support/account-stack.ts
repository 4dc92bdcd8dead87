import { AccountStack, type AccountStackProps } from "../../stacks/account-stack";
import { synthesizeApp } from "./synthesize";
import type { SynthesizedStack } from "./synthesized-stack";

/** The stack that main.ts creates, with a test's changes. */
export function accountStack(props: AccountStackProps = {}): SynthesizedStack {
  const [stack] = synthesizeApp((app) => {
    new AccountStack(app, "account-stack", props);
  });
  if (!stack) throw new Error("the app has no stack");
  return stack;
}
