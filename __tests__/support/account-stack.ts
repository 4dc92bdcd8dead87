import { AccountStack } from "../../stacks/account-stack";
import { accountsOf } from "../../stacks/accounts";
import type { Account } from "../../stacks/environments";
import { synthesizeApp } from "./synthesize";
import type { SynthesizedStack } from "./synthesized-stack";

/** The first account's stack as main.ts creates it, with a test's changes. */
export function accountStack({
  regions,
  ...changes
}: Partial<Account> & { readonly regions?: readonly string[] } = {}): SynthesizedStack {
  const [first] = accountsOf();
  if (!first) throw new Error("there is no account");
  const account = { ...first.account, ...changes };
  const [stack] = synthesizeApp((app) => {
    new AccountStack(app, first.stackId, { account, regions: regions ?? first.regions });
  });
  if (!stack) throw new Error("the app has no stack");
  return stack;
}
