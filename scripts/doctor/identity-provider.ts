import { IAMClient, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import type { AwsTarget } from "../lib/aws-target";
import { readTerraformState } from "../lib/terraform-state";
import { judgeIdentityProvider } from "./judge-identity-provider";
import { type Probe, passed, unchecked } from "./probe";

/** Whether the next deployment of the account's stack keeps the pipeline's identity provider. npm run bootstrap checks it too. */
export const identityProvider: Probe = {
  name: "pipeline's identity provider",
  run: async (target: AwsTarget) => {
    const here = await target.account();
    if (!here) return unchecked("no environment belongs in this account");
    const { pipelineAccess, stateBackend } = here.account;
    if (!pipelineAccess) return passed("not needed: pipelineAccess is not set");
    const iam = new IAMClient({ ...target.clientOptions, region: stateBackend.region });
    const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
    iam.destroy();
    const state = await readTerraformState(here.stackId);
    const managed = (state?.resources ?? [])
      .filter(({ mode, type }) => mode === "managed" && type === "aws_iam_openid_connect_provider")
      .flatMap(({ type, name, instances }) =>
        instances.map(({ attributes }) => [`${type}.${name}`, `${attributes.arn}`]),
      );
    return judgeIdentityProvider(pipelineAccess, {
      existing: OpenIDConnectProviderList.flatMap(({ Arn }) => Arn ?? []),
      managed: Object.fromEntries(managed),
    });
  },
};
