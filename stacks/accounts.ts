import { type Account, type Environment, environments, previews, type StateBackend } from "./environments";

/** An account that has environments, and its own stack for what exists once per account. */
export interface AccountInUse {
  readonly account: Account;
  /** `account-stack` or, if the account has a name, `account-<name>-stack`. */
  readonly stackId: string;
  readonly environments: readonly Environment[];
  /** The Regions of its environments, without duplicates. */
  readonly regions: readonly string[];
}

/** Every environment, including previews. */
export function allEnvironments(): readonly Environment[] {
  return [...environments, ...previews()];
}

/** The accounts that have environments, in the order of environments.ts. */
export function accountsOf(all: readonly Environment[] = allEnvironments()): readonly AccountInUse[] {
  const names = [...new Set(all.map(({ account }) => account.name))];
  return names.map((name) => {
    const own = all.filter(({ account }) => account.name === name) as [Environment, ...Environment[]];
    return {
      account: own[0].account,
      stackId: name === undefined ? "account-stack" : `account-${name}-stack`,
      environments: own,
      regions: [...new Set(own.map(({ region }) => region))],
    };
  });
}

/** The account of a stack of this app, whether it is an environment's stack or the account's own. */
export function accountOfStack(stackId: string): AccountInUse | undefined {
  return accountsOf().find(
    (one) => one.stackId === stackId || one.environments.some(({ name }) => `${name}-stack` === stackId),
  );
}

/** Where a stack's state is. For a stack that the app does not have, that is the first account's bucket. */
export function stateBackendOf(stackId: string): StateBackend {
  return (accountOfStack(stackId)?.account ?? environments[0].account).stateBackend;
}
