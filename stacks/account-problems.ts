import { isDeepStrictEqual } from "node:util";

/** What the checks read. Anything can be missing or of another type: the schema reports that. */
type Unchecked = { readonly [name in string]?: unknown } | null | undefined;

interface Group {
  readonly environments: readonly string[];
  readonly accounts: readonly NonNullable<Unchecked>[];
}

/** What an account has once, so that it must be the same in each of its environments. */
const shared = ["id", "stateBackend", "pipelineAccess"] as const;

/**
 * Problems between the accounts of several environments. An account is told from another one by its name; the one without
 * a name has the stack `account-stack`.
 */
export function accountProblems(environments: readonly Unchecked[]): string[] {
  const groups = groupsOf(environments);
  return [
    ...groups.flatMap(differences),
    ...(groups.length > 1 ? [...withoutId(groups), ...repeated(groups)] : []),
  ];
}

function groupsOf(environments: readonly Unchecked[]): readonly Group[] {
  const groups = new Map<unknown, { environments: string[]; accounts: NonNullable<Unchecked>[] }>();
  for (const environment of environments) {
    const account = environment?.account as Unchecked;
    if (typeof account !== "object" || account === null) continue;
    const group = groups.get(account.name) ?? { environments: [], accounts: [] };
    group.environments.push(String(environment?.name));
    group.accounts.push(account);
    groups.set(account.name, group);
  }
  return [...groups.values()];
}

function differences({ environments, accounts }: Group): string[] {
  const [first] = accounts;
  const differing = shared.filter((name) =>
    accounts.some((account) => !isDeepStrictEqual(account[name], first?.[name])),
  );
  if (differing.length === 0) return [];
  const name = first?.name === undefined ? "no name" : `the name ${JSON.stringify(first.name)}`;
  return [
    `environments ${environments.join(", ")}: account.${differing.join(" and account.")} must be the same for all, because their account has ${name}; give each further account a name of its own`,
  ];
}

function withoutId(groups: readonly Group[]): string[] {
  return groups
    .filter(({ accounts: [account] }) => account?.id === undefined)
    .map(
      ({ environments }) =>
        `environments ${environments.join(", ")}: account.id must be set, because there is more than one account`,
    );
}

/** Two accounts with one id or one bucket. */
function repeated(groups: readonly Group[]): string[] {
  const values = [
    ["id", ({ id }: NonNullable<Unchecked>) => id],
    [
      "stateBackend.bucket",
      ({ stateBackend }: NonNullable<Unchecked>) => (stateBackend as Unchecked)?.bucket,
    ],
  ] as const;
  return values.flatMap(([setting, read]) => {
    const seen = new Map<unknown, Group[]>();
    for (const group of groups) {
      const value = read(group.accounts[0] ?? {});
      if (value !== undefined) seen.set(value, [...(seen.get(value) ?? []), group]);
    }
    return [...seen].flatMap(([value, same]) =>
      same.length < 2
        ? []
        : [
            `environments ${same.flatMap(({ environments }) => environments).join(", ")}: account.${setting} must differ between accounts with different names, got ${JSON.stringify(value)} in ${same.length}`,
          ],
    );
  });
}
