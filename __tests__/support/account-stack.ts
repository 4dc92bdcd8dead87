import { AccountStack } from "../../stacks/account-stack";
import { accountsOf } from "../../stacks/accounts";
import { type Account, type Environment, environments } from "../../stacks/environments";
import { synthesizeApp } from "./synthesize";
import type { SynthesizedStack } from "./synthesized-stack";

/** The first account's stack as main.ts creates it, with a test's changes to the account and its environments. */
export function accountStack(
  changes: Partial<Account> = {},
  own: readonly Environment[] = environments,
): SynthesizedStack {
  const [first] = accountsOf();
  if (!first) throw new Error("there is no account");
  const [stack] = synthesizeApp((app) => {
    new AccountStack(app, first.stackId, { account: { ...first.account, ...changes }, environments: own });
  });
  if (!stack) throw new Error("the app has no stack");
  return stack;
}
