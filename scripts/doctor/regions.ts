import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { awsFailure } from "../lib/aws-failure";
import { failed, type Probe, passed, unchecked, warned } from "./probe";

/** Whether the account can use each environment's Region, and the state bucket's. */
export const regions: Probe = {
  name: "Regions",
  run: async (target) => {
    const here = await target.account();
    if (!here) return unchecked("no environment belongs in this account");
    const used = [...new Set([...here.regions, here.account.stateBackend.region])];
    const refused = await Promise.all(
      used.map(async (region) => {
        const sts = new STSClient({ ...target.clientOptions, region });
        return sts.send(new GetCallerIdentityCommand({})).then(
          () => [],
          (error: unknown) => [`${region} (${awsFailure(error)})`],
        );
      }),
    );
    if (refused.flat().length > 0) {
      return failed(
        `not available: ${refused.flat().join(", ")}`,
        "enable the Region for the account, or change region in stacks/environments.ts",
      );
    }
    const own = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
    if (own && !used.includes(own)) {
      return warned(
        `${used.join(", ")}; your shell uses ${own}`,
        "the stacks name their own Region, but other tools use your shell's: set AWS_REGION",
      );
    }
    return passed(used.join(", "));
  },
};
