import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { physicalName, setNaming } from "../constructs/naming";
import { PipelineRole } from "../constructs/pipeline-role";
import { policyDocument } from "../constructs/policy-document";
import { PrivateBucket } from "../constructs/private-bucket";
import { Guardrails } from "../packages/guardrails/guardrails";
import { connect } from "./connect";
import { application, type PipelineAccess, pipelineAccess, stateBackend } from "./environments";

export interface AccountStackProps {
  /** @default what `pipelineAccess` in environments.ts says */
  readonly pipelineAccess?: PipelineAccess | undefined;
}

/**
 * What an AWS account and Region have once, whatever environments are in it: the bucket of Terraform's state, the role
 * by which API Gateway writes its logs, and the role of a pipeline. In an environment's stack they would be taken from
 * all others when that environment goes.
 *
 * The bucket is there before the state that records it: scripts/bootstrap.ts makes it and imports it.
 */
export class AccountStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: AccountStackProps = {}) {
    super(scope, id);
    setNaming(this, { ...application, application: application.name, environment: "account" });
    connect(this, { name: "account", region: stateBackend.region });
    Guardrails.apply(this, { accountWide: true });

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
    new ApiGatewayAccount(this, "api-gateway-account", {
      cloudwatchRoleArn: logRole.arn,
      dependsOn: [logPermissions],
    });

    const access = props.pipelineAccess ?? pipelineAccess;
    if (access) new PipelineRole(this, "pipeline-role", { ...access, name: "pipeline", stateBucket });
  }
}
