import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Fn, Lazy, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { namingOf, physicalName } from "./naming";
import type { ServiceFunction } from "./service-function";

/** A method and a path below the stage, for example `GET /items/{id}`. */
export type Route = `${"GET" | "POST" | "PUT" | "DELETE"} /${string}`;

export interface RestApiProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  readonly description: string;
  readonly routes: Readonly<Record<Route, ServiceFunction>>;
  /** How long CloudWatch keeps a line of the access log, in days. */
  readonly logRetentionDays: number;
}

/**
 * What the access log tells of a request, as one line of JSON. A caller can choose requestId by a header;
 * extendedRequestId is API Gateway's own.
 */
const accessLogFields = {
  requestId: "$context.requestId",
  extendedRequestId: "$context.extendedRequestId",
  requestTime: "$context.requestTime",
  httpMethod: "$context.httpMethod",
  resourcePath: "$context.resourcePath",
  status: "$context.status",
  responseLatency: "$context.responseLatency",
  integrationLatency: "$context.integrationLatency",
  responseLength: "$context.responseLength",
  sourceIp: "$context.identity.sourceIp",
  userArn: "$context.identity.userArn",
  errorMessage: "$context.error.message",
};

/**
 * A regional REST API whose callers sign their requests (AWS_IAM), with one stage named after the environment,
 * and its access log. Each route is a proxy integration of a function's alias.
 *
 * API Gateway writes logs by one role an account and Region, which account-stack makes: without it AWS refuses the
 * stage with "CloudWatch Logs role ARN must be set in account settings to enable logging".
 */
export class RestApi extends Construct {
  readonly id: string;
  readonly stageName: string;
  /** Where the stage answers on AWS, without a trailing slash. */
  readonly url: string;
  private readonly api: ApiGatewayRestApi;
  private readonly resources = new Map<string, ApiGatewayResource>();
  /** What a deployment is a snapshot of. */
  private readonly snapshot: TerraformResource[] = [];

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    this.api = new ApiGatewayRestApi(this, "api", {
      name: physicalName(this, props.name),
      description: props.description,
      endpointConfiguration: { types: ["REGIONAL"] },
      lifecycle: { createBeforeDestroy: true },
    });
    this.snapshot.push(this.api);
    this.stageName = namingOf(this).environment;
    for (const [route, target] of Object.entries(props.routes)) this.addRoute(route as Route, target);

    const deployment = new ApiGatewayDeployment(this, "deployment", {
      restApiId: this.api.id,
      triggers: {
        redeployment: Lazy.stringValue({
          produce: () => Fn.sha1(Fn.jsonencode(this.snapshotConfiguration())),
        }),
      },
      dependsOn: this.snapshot,
      lifecycle: { createBeforeDestroy: true },
    });
    const accessLog = new CloudwatchLogGroup(this, "access-log", {
      // Below /aws/vendedlogs/ a group takes no room in the account's one policy for log delivery.
      name: `/aws/vendedlogs/apigateway/${physicalName(this, props.name)}`,
      retentionInDays: props.logRetentionDays,
    });
    const stage = new ApiGatewayStage(this, "stage", {
      restApiId: this.api.id,
      deploymentId: deployment.id,
      stageName: this.stageName,
      accessLogSettings: { destinationArn: accessLog.arn, format: JSON.stringify(accessLogFields) },
    });
    this.id = this.api.id;
    this.url = stage.invokeUrl;
  }

  private addRoute(route: Route, target: ServiceFunction): void {
    const [httpMethod = "", path = ""] = route.split(" ");
    const id = `${httpMethod}-${slug(path)}`.toLowerCase();
    const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [
      `method.request.path.${name}`,
      true,
    ]);
    const resourceId = this.resourceId(path === "/" ? "" : path);
    const method = new ApiGatewayMethod(this, id, {
      restApiId: this.api.id,
      resourceId,
      httpMethod,
      authorization: "AWS_IAM",
      requestParameters: Object.fromEntries(parameters),
    });
    const integration = new ApiGatewayIntegration(this, `${id}-integration`, {
      restApiId: this.api.id,
      resourceId,
      httpMethod: method.httpMethod,
      type: "AWS_PROXY",
      // Lambda is invoked by POST, whatever the caller's method is.
      integrationHttpMethod: "POST",
      uri: target.aliasInvokeArn,
    });
    this.snapshot.push(method, integration);
    const methodArn = `${this.api.executionArn}/${this.stageName}/${httpMethod}${path.replace(/\{\w+\}/g, "*")}`;
    target.grantInvokeToApi(`invoke-${id}`, methodArn);
  }

  /** The resource of a path, made with those above it where they are not there yet. */
  private resourceId(path: string): string {
    if (path === "") return this.api.rootResourceId;
    const known = this.resources.get(path);
    if (known) return known.id;
    const resource = new ApiGatewayResource(this, slug(path), {
      restApiId: this.api.id,
      parentId: this.resourceId(path.slice(0, path.lastIndexOf("/"))),
      pathPart: path.slice(path.lastIndexOf("/") + 1),
    });
    this.resources.set(path, resource);
    this.snapshot.push(resource);
    return resource.id;
  }

  /** Every attribute of what a deployment snapshots, as it will be written: any change makes a new deployment. */
  private snapshotConfiguration(): Record<string, unknown> {
    const bodies = this.snapshot.map((resource) => {
      const attributes = Object.entries(onlyBody(resource.toTerraform()));
      const snapshotted = attributes.filter(([name]) => !notSnapshotted.has(name));
      return [resource.friendlyUniqueId, Object.fromEntries(snapshotted)];
    });
    return Object.fromEntries(bodies);
  }
}

/** What Terraform keeps to itself, and tags, which API Gateway has beside a deployment rather than in it. */
const notSnapshotted = new Set(["//", "depends_on", "lifecycle", "provider", "tags", "tags_all"]);

function slug(path: string): string {
  return path.replace(/[{}]/g, "").split("/").filter(Boolean).join("-");
}

/** cdktf nests a resource's body as resource → type → id → body. */
function onlyBody(terraform: { resource: Record<string, Record<string, Record<string, unknown>>> }) {
  const [byId] = Object.values(terraform.resource);
  return Object.values(byId ?? {})[0] ?? {};
}
