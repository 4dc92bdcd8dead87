import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { accountIdOf } from "../constructs/arn";
import { ExclusivePolicies } from "../constructs/exclusive-policies";
import { physicalName, setNaming } from "../constructs/naming";
import { PipelineRole } from "../constructs/pipeline-role";
import { policyDocument } from "../constructs/policy-document";
import { PrivateBucket } from "../constructs/private-bucket";
import { Guardrails } from "../packages/guardrails/guardrails";
import { promise } from "../packages/guardrails/promise";
import { connect, connectRegion } from "./connect";
import { type Account, application, type Environment } from "./environments";

export interface AccountStackProps {
  readonly account: Account;
  /** The account's environments. */
  readonly environments: readonly Environment[];
}

/**
 * Resources that exist once per AWS account, whatever environments are deployed there: the bucket for Terraform's state,
 * the role that API Gateway uses to write logs, that role's setting in each Region, and a pipeline's role. If they were part
 * of one environment's stack, destroying that environment would take them away from all the others.
 *
 * The bucket must exist before the state that records it, so scripts/bootstrap.ts creates it and then imports it.
 */
export class AccountStack extends TerraformStack {
  constructor(scope: Construct, id: string, { account, environments }: AccountStackProps) {
    super(scope, id);
    const { stateBackend, pipelineAccess } = account;
    setNaming(this, { ...application, application: application.name, environment: "account" });
    const connection = { name: "account", account };
    connect(this, { ...connection, region: stateBackend.region });
    Guardrails.apply(this, {
      accountWide: true,
      suppressions: pipelineAccess
        ? [
            {
              rule: "iam-no-wildcard-resource",
              resource: `${id}/pipeline-role/reads`,
              reason:
                "a plan reads only settings, names and tags with these actions, and many resources get their ids from AWS; actions whose responses include contents, variables or credentials are granted on the application's own resources",
            },
          ]
        : [],
    });

    const stateBucket = new PrivateBucket(this, "state-bucket", {
      name: stateBackend.bucket,
      deletionProtection: true,
    });

    const logRole = new IamRole(this, "api-gateway-log-role", {
      name: physicalName(this, "api-gateway-logs"),
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Principal: { Service: "apigateway.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    });
    const logPermissions = new IamRolePolicyAttachment(this, "api-gateway-log-permissions", {
      role: logRole.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    });
    new ExclusivePolicies(this, "api-gateway-log-exclusive-policies", {
      role: logRole,
      attached: [logPermissions],
    });
    promise(logRole, "only API Gateway acts with it", ["name", "assume_role_policy"]);
    promise(logPermissions, "API Gateway may write its logs", ["role", "policy_arn"]);
    for (const region of new Set(environments.map((one) => one.region))) {
      const isOwn = region === stateBackend.region;
      const settings = new ApiGatewayAccount(
        this,
        isOwn ? "api-gateway-account" : `api-gateway-account-${region}`,
        {
          cloudwatchRoleArn: logRole.arn,
          ...(!isOwn && { provider: connectRegion(this, { ...connection, region }) }),
          dependsOn: [logPermissions],
        },
      );
      promise(settings, "API Gateway writes the logs of every stage in the Region", ["cloudwatch_role_arn"]);
    }

    if (pipelineAccess) {
      const accountId = accountIdOf(this, logRole.arn);
      new PipelineRole(this, "pipeline-role", {
        ...pipelineAccess,
        name: "pipeline",
        accountId,
        stateBucket,
        hostedZoneIds: hostedZoneIdsOf(environments),
      });
    }
  }
}

function hostedZoneIdsOf(environments: readonly Environment[]): readonly string[] {
  return [...new Set(environments.flatMap(({ domain }) => domain?.hostedZoneId ?? []))];
}
