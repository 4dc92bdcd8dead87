import { targetAccounts } from "../../../scripts/doctor/target-accounts";
import type { AwsTarget } from "../../../scripts/lib/aws-target";

const here = "111122223333";

/** Credentials for {@link here}, and environments with these account ids. */
function target(accounts: Readonly<Record<string, string | undefined>>): AwsTarget {
  const environments = Object.entries(accounts).map(([name, id]) => ({ name, account: { id } }));
  return { environments, caller: async () => ({ account: here }) } as unknown as AwsTarget;
}

describe("the target-accounts probe", () => {
  it("passes environments without an account id, whatever account the credentials are for", async () => {
    const diagnosis = await targetAccounts.run(target({ dev: undefined, staging: here, prod: undefined }));

    expect(diagnosis).toEqual({ verdict: "passed", detail: `dev, staging and prod deploy to ${here}` });
  });

  it("names the environments that belong in other accounts", async () => {
    const diagnosis = await targetAccounts.run(
      target({ dev: here, staging: "444455556666", prod: "777788889999" }),
    );

    expect(diagnosis).toMatchObject({
      verdict: "passed",
      detail: `dev deploys to ${here}; in other accounts: staging and prod`,
    });
  });

  it("fails if no environment belongs in the account", async () => {
    const diagnosis = await targetAccounts.run(target({ prod: "777788889999" }));

    expect(diagnosis).toMatchObject({
      verdict: "failed",
      detail: `no environment belongs in account ${here}`,
    });
  });
});
