import { accountProblems } from "../../stacks/account-problems";

const first = { id: "111122223333", concurrencyQuota: 1_000, stateBackend: backend("first") };
const second = { ...first, name: "second", id: "222233334444", stateBackend: backend("second") };
const third = { ...first, name: "third", id: "333344445555", stateBackend: backend("third") };
const withoutId = { ...first, id: undefined };

const problems = (...accounts: readonly unknown[]) =>
  accountProblems(accounts.map((account, index) => ({ name: `env-${index}`, account })));

describe("accountProblems", () => {
  it.each([
    ["one account", [first]],
    ["one account without an id", [withoutId, withoutId]],
    ["an account that several environments share", [first, { ...first }, first]],
    ["another quota in another Region", [first, { ...first, concurrencyQuota: 2_000 }]],
    ["two accounts", [first, second, first]],
    ["three accounts, each with a name", [{ ...first, name: "first" }, second, third]],
    ["accounts that the schema reports", [undefined, null, "account", first]],
  ])("has none for %s", (_, accounts) => {
    expect(problems(...accounts)).toEqual([]);
  });

  it.each([
    [
      "another id without another name",
      [first, { ...first, id: "222233334444" }],
      "environments env-0, env-1: account.id must be the same for all, because their account has no name; give each further account a name of its own",
    ],
    [
      "another bucket under one name",
      [first, second, { ...second, stateBackend: backend("other") }],
      'environments env-1, env-2: account.stateBackend must be the same for all, because their account has the name "second"; give each further account a name of its own',
    ],
    [
      "a pipeline that only one environment's account has",
      [first, { ...first, pipelineAccess: { issuer: "example.com", subject: "a:b" } }],
      "environments env-0, env-1: account.pipelineAccess must be the same for all",
    ],
    [
      "a second account beside one without an id",
      [withoutId, second],
      "environments env-0: account.id must be set, because there is more than one account",
    ],
    [
      "two names for one account",
      [first, { ...second, id: first.id }],
      'environments env-0, env-1: account.id must differ between accounts with different names, got "111122223333" in 2',
    ],
    [
      "one bucket for two accounts",
      [first, second, { ...third, stateBackend: second.stateBackend }],
      'environments env-1, env-2: account.stateBackend.bucket must differ between accounts with different names, got "second" in 2',
    ],
  ])("reports %s", (_, accounts, problem) => {
    expect(problems(...accounts)).toEqual([expect.stringContaining(problem)]);
  });
});

function backend(bucket: string) {
  return { bucket, region: "eu-west-1" };
}
