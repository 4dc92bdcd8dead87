import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { policyDocument } from "../constructs/policy-document";
import { connect } from "./connect";
import { application, stateBackend } from "./environments";

/**
 * What an AWS account and Region have once, whatever environments are in it: the role by which API Gateway writes
 * its logs. In an environment's stack it would be taken from all others when that environment goes.
 */
export class AccountStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    connect(this, { name: "account", region: stateBackend.region });
    const role = new IamRole(this, "api-gateway-log-role", {
      name: `${application.name}-api-gateway-logs-account`,
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Principal: { Service: "apigateway.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    });
    const permissions = new IamRolePolicyAttachment(this, "api-gateway-log-permissions", {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    });
    new ApiGatewayAccount(this, "api-gateway-account", {
      cloudwatchRoleArn: role.arn,
      dependsOn: [permissions],
    });
  }
}
