import { APIGatewayClient, GetAccountCommand } from "@aws-sdk/client-api-gateway";
import { failed, type Probe, passed } from "./probe";

/** Whether API Gateway has a role to write logs with: an account-wide setting, once per Region. */
export const apiGatewayLogRole: Probe = {
  name: "API Gateway's log role",
  run: async (target) => {
    const regions = await target.regions();
    const without = await Promise.all(
      regions.map(async (region) => {
        const gateway = new APIGatewayClient({ ...target.clientOptions, region });
        const { cloudwatchRoleArn } = await gateway.send(new GetAccountCommand({}));
        return cloudwatchRoleArn ? [] : [region];
      }),
    );
    const missing = without.flat();
    if (missing.length === 0) return passed(`set in ${regions.join(", ")}`);
    return failed(
      `not set in ${missing.join(", ")}: AWS would refuse the stage ("CloudWatch Logs role ARN must be set")`,
      "npm run bootstrap",
    );
  },
};
