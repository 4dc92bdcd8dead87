import path from "node:path";
import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, AssetType, LocalBackend, TerraformAsset, TerraformOutput, TerraformStack } from "cdktf";

// A program that has nothing to do with this project's service: one function behind a REST API.
const app = new App();
const stack = new TerraformStack(app, "greetings");
new LocalBackend(stack, { path: "terraform.tfstate" });
new AwsProvider(stack, "aws", { region: "ap-southeast-2" });

const role = new IamRole(stack, "role", {
  name: "greeter",
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
    ],
  }),
});
const code = new TerraformAsset(stack, "code", {
  path: path.join(__dirname, "function"),
  type: AssetType.ARCHIVE,
});
const greeter = new LambdaFunction(stack, "greeter", {
  functionName: "greeter",
  role: role.arn,
  runtime: "nodejs22.x",
  handler: "index.handler",
  filename: code.path,
  sourceCodeHash: code.assetHash,
});

const api = new ApiGatewayRestApi(stack, "api", { name: "greetings" });
const hello = new ApiGatewayResource(stack, "hello", {
  restApiId: api.id,
  parentId: api.rootResourceId,
  pathPart: "hello",
});
const method = new ApiGatewayMethod(stack, "get", {
  restApiId: api.id,
  resourceId: hello.id,
  httpMethod: "GET",
  authorization: "NONE",
});
const integration = new ApiGatewayIntegration(stack, "call", {
  restApiId: api.id,
  resourceId: hello.id,
  httpMethod: method.httpMethod,
  type: "AWS_PROXY",
  integrationHttpMethod: "POST",
  uri: greeter.invokeArn,
});
new LambdaPermission(stack, "permission", {
  functionName: greeter.functionName,
  action: "lambda:InvokeFunction",
  principal: "apigateway.amazonaws.com",
  sourceArn: `${api.executionArn}/*/GET/hello`,
});
const deployment = new ApiGatewayDeployment(stack, "deployment", {
  restApiId: api.id,
  dependsOn: [integration],
});
const stage = new ApiGatewayStage(stack, "stage", {
  restApiId: api.id,
  deploymentId: deployment.id,
  stageName: "live",
});
new TerraformOutput(stack, "path", {
  value: `/restapis/${api.id}/${stage.stageName}/_user_request_/hello`,
});

app.synth();
