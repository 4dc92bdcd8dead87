import { APIGatewayClient, GetAccountCommand } from "@aws-sdk/client-api-gateway";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { stateBackend } from "../../stacks/environments";
import { awsFailure } from "../lib/aws-failure";
import { failed, type Probe, passed, unchecked, warned } from "./probe";

/** Name of the probe without which AWS cannot be asked for anything. */
export const credentials = "credentials";
const minute = 60_000;
/** What a first deployment takes, and more. */
const enoughMinutes = 20;

/** Who calls, and where to. */
export const accountProbes: readonly Probe[] = [
  {
    name: credentials,
    run: async (surroundings) => {
      const { account, arn, expiration } = await surroundings.caller();
      const minutes = expiration ? Math.floor((expiration.getTime() - Date.now()) / minute) : undefined;
      const detail = `${arn} of account ${account}, ${minutes === undefined ? "without an end" : `for ${minutes} minutes more`}`;
      if (minutes !== undefined && minutes < enoughMinutes) {
        return warned(detail, "a deployment may outlast them: sign in again first (aws sso login)");
      }
      if (arn.endsWith(":root") && account !== "000000000000") {
        return warned(detail, "the account's root user may do everything: deploy by a role");
      }
      return passed(detail);
    },
  },
  {
    name: "accounts of the environments",
    run: async (surroundings) => {
      const { account } = await surroundings.caller();
      const [ours, others] = [true, false].map((same) =>
        surroundings.environments
          .filter((environment) => ((environment.account.id ?? account) === account) === same)
          .map(({ name }) => name),
      );
      if (ours?.length === 0) {
        return failed(
          `no environment is of account ${account}`,
          "use another profile (AWS_PROFILE), or change account.id in stacks/environments.ts",
        );
      }
      const rest = others?.length ? `; other accounts have ${others.join(", ")}` : "";
      return passed(`${ours?.join(", ")} may be deployed into ${account}${rest}`);
    },
  },
  {
    name: "Regions",
    run: async (surroundings) => {
      await surroundings.caller();
      const regions = [...new Set([...surroundings.regions, stateBackend.region])];
      const refused = await Promise.all(
        regions.map(async (region) => {
          const sts = new STSClient({ ...surroundings.clientOptions, region });
          return sts.send(new GetCallerIdentityCommand({})).then(
            () => [],
            (error: unknown) => [`${region} (${awsFailure(error)})`],
          );
        }),
      );
      if (refused.flat().length > 0) {
        return failed(
          `not to be used: ${refused.flat().join(", ")}`,
          "enable the Region for the account, or change region in stacks/environments.ts",
        );
      }
      const own = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
      if (own && !regions.includes(own)) {
        return warned(
          `${regions.join(", ")}; your shell's is ${own}`,
          "the stacks name their own, but other tools would look in yours: set AWS_REGION",
        );
      }
      return passed(regions.join(", "));
    },
  },
  {
    name: "API Gateway's log role",
    run: async (surroundings) => {
      await surroundings.caller();
      const without = await Promise.all(
        surroundings.regions.map(async (region) => {
          const gateway = new APIGatewayClient({ ...surroundings.clientOptions, region });
          const { cloudwatchRoleArn } = await gateway.send(new GetAccountCommand({}));
          return cloudwatchRoleArn ? [] : [region];
        }),
      );
      const [missing, everywhere] = [without.flat(), surroundings.regions.join(", ")];
      if (missing.length === 0) return passed(`set in ${everywhere}`);
      return failed(
        `not set in ${missing.join(", ")}: AWS would refuse the stage ("CloudWatch Logs role ARN must be set")`,
        "npm run bootstrap",
      );
    },
  },
  {
    name: "clock",
    run: async () => {
      const endpoint = process.env.AWS_ENDPOINT_URL || `https://sts.${stateBackend.region}.amazonaws.com`;
      const before = Date.now();
      const { headers } = await fetch(endpoint, {
        method: "HEAD",
        redirect: "manual",
        signal: AbortSignal.timeout(5_000),
      });
      const told = Date.parse(headers.get("date") ?? "");
      if (Number.isNaN(told)) return unchecked(`${endpoint} tells no time`);
      // The header has whole seconds, and the answer took its time.
      const seconds = Math.round(((before + Date.now()) / 2 - told) / 1000);
      const detail =
        Math.abs(seconds) <= 1 ? "right" : `${Math.abs(seconds)} s ${seconds > 0 ? "ahead" : "behind"}`;
      if (Math.abs(seconds) > 240) {
        return failed(
          detail,
          "AWS refuses signatures that are five minutes off: let the clock be set by NTP",
        );
      }
      return Math.abs(seconds) > 30 ? warned(detail, "let the clock be set by NTP") : passed(detail);
    },
  },
];
