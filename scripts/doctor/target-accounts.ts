import { failed, type Probe, passed } from "./probe";

/** Which environments these credentials deploy, by the account that environments.ts names for each. */
export const targetAccounts: Probe = {
  name: "target accounts",
  run: async (target) => {
    const { account } = await target.caller();
    const isHere = ({ account: { id = account } }: (typeof target.environments)[number]) => id === account;
    const here = target.environments.filter(isHere).map(({ name }) => name);
    const elsewhere = target.environments.filter((one) => !isHere(one)).map(({ name }) => name);
    if (here.length === 0) {
      return failed(
        `no environment belongs in account ${account}`,
        "use another profile (AWS_PROFILE), or change account.id in stacks/environments.ts",
      );
    }
    const verb = here.length === 1 ? "deploys" : "deploy";
    const rest = elsewhere.length > 0 ? `; in other accounts: ${inWords(elsewhere)}` : "";
    return passed(`${inWords(here)} ${verb} to ${account}${rest}`);
  },
};

/** For example `dev, staging and prod`. */
function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
