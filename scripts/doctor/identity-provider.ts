import { IAMClient, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import { pipelineAccess, stateBackend } from "../../stacks/environments";
import type { AwsTarget } from "../lib/aws-target";
import { readTerraformState } from "../lib/terraform-state";
import { judgeIdentityProvider } from "./judge-identity-provider";
import { type Probe, passed } from "./probe";

/** Whether account-stack's next deployment keeps the pipeline's identity provider. npm run bootstrap checks it too. */
export const identityProvider: Probe = {
  name: "pipeline's identity provider",
  run: async (target: AwsTarget) => {
    if (!pipelineAccess) return passed("not needed: pipelineAccess is not set");
    await target.caller();
    const iam = new IAMClient({ ...target.clientOptions, region: stateBackend.region });
    const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
    iam.destroy();
    const state = await readTerraformState("account-stack");
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
