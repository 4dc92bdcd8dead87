import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
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
}

/**
 * A regional REST API whose callers sign their requests (AWS_IAM), with one stage named after the environment.
 * Each route is a proxy integration of a function's alias.
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
    const stage = new ApiGatewayStage(this, "stage", {
      restApiId: this.api.id,
      deploymentId: deployment.id,
      stageName: this.stageName,
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
    const resourceId = this.resource(path).id;
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
  private resource(path: string): ApiGatewayResource {
    const known = this.resources.get(path);
    if (known) return known;
    const parentPath = path.slice(0, path.lastIndexOf("/"));
    const resource = new ApiGatewayResource(this, slug(path), {
      restApiId: this.api.id,
      parentId: parentPath === "" ? this.api.rootResourceId : this.resource(parentPath).id,
      pathPart: path.slice(path.lastIndexOf("/") + 1),
    });
    this.resources.set(path, resource);
    this.snapshot.push(resource);
    return resource;
  }

  /** Every attribute of what a deployment snapshots, as it will be written: any change makes a new deployment. */
  private snapshotConfiguration(): Record<string, unknown> {
    const bodies = this.snapshot.map((resource) => {
      const { "//": _, depends_on: __, lifecycle: ___, ...attributes } = onlyBody(resource.toTerraform());
      return [resource.friendlyUniqueId, attributes];
    });
    return Object.fromEntries(bodies);
  }
}

function slug(path: string): string {
  return path.replace(/[{}]/g, "").split("/").filter(Boolean).join("-");
}

/** cdktf nests a resource's body as resource → type → id → body. */
function onlyBody(terraform: { resource: Record<string, Record<string, Record<string, unknown>>> }) {
  const [byId] = Object.values(terraform.resource);
  return Object.values(byId ?? {})[0] ?? {};
}
