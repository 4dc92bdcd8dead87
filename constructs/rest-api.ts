import { createHash } from "node:crypto";
import { ApiGatewayAuthorizer } from "@cdktf/provider-aws/lib/api-gateway-authorizer";
import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethod, type ApiGatewayMethodConfig } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayModel } from "@cdktf/provider-aws/lib/api-gateway-model";
import { ApiGatewayRequestValidator } from "@cdktf/provider-aws/lib/api-gateway-request-validator";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayRestApiPolicy } from "@cdktf/provider-aws/lib/api-gateway-rest-api-policy";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { type IResolveContext, Lazy, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { ApiAuthorization } from "./api-authorization";
import { ApiStage, type ApiThrottle } from "./api-stage";
import { CorsPreflight } from "./cors-preflight";
import type { CustomerKey } from "./customer-key";
import { GatewayResponses } from "./gateway-responses";
import { namingOf, physicalName } from "./naming";
import { policyDocument } from "./policy-document";
import type { ServiceFunction } from "./service-function";

/** A method and a path below the stage, for example `GET /items/{id}`. */
export type Route = `${"GET" | "POST" | "PUT" | "DELETE"} /${string}`;

export interface RouteTarget {
  readonly function: ServiceFunction;
  /** JSON schema, draft 4, that a JSON body must fit before the function is called. @default none */
  readonly requestModel?: object;
  /** `method.request.<place>.<name>`: whether API Gateway answers 400 without it. @default the path's, required */
  readonly requestParameters?: Readonly<Record<string, boolean>>;
}

export interface RestApiProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  readonly description: string;
  readonly routes: Readonly<Record<Route, RouteTarget>>;
  /** @default requests are signed, and IAM says by whom (AWS_IAM) */
  readonly authorization?: ApiAuthorization;
  readonly throttle: ApiThrottle;
  /** Origin whose pages may call the API from a browser, or `*`. @default none */
  readonly allowedOrigin?: string | undefined;
  /** Other accounts, of 12 digits, whose principals may call the API too. @default none */
  readonly trustedAccountIds?: readonly string[];
  /** How long CloudWatch keeps a line of the access and execution logs, in days. */
  readonly logRetentionDays: number;
  /** @default CloudWatch Logs' own key */
  readonly encryptionKey?: CustomerKey | undefined;
}

/**
 * A regional REST API with one stage, named after the environment. Each route is a proxy integration of a function's
 * alias; API Gateway checks parameters and bodies before it calls the function, and answers what it answers by itself
 * as problem+json.
 *
 * API Gateway writes logs by one role an account and Region, which account-stack makes: without it AWS refuses the
 * stage with "CloudWatch Logs role ARN must be set in account settings to enable logging".
 */
export class RestApi extends Construct {
  readonly id: string;
  readonly name: string;
  readonly stage: ApiStage;
  /** ARN of a managed policy that lets its holder call every method of the stage. */
  readonly invokePolicyArn: string;
  private readonly api: ApiGatewayRestApi;
  private readonly stageName: string;
  private readonly authorization: Pick<
    ApiGatewayMethodConfig,
    "authorization" | "authorizerId" | "authorizationScopes"
  >;
  private readonly validator: ApiGatewayRequestValidator;
  private readonly resources = new Map<string, ApiGatewayResource>();
  /** What a deployment is a snapshot of. */
  private readonly snapshot: TerraformResource[] = [];

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    const { authorization = { type: "AWS_IAM" }, allowedOrigin, trustedAccountIds = [] } = props;
    this.name = physicalName(this, props.name);
    this.stageName = namingOf(this).environment;
    this.api = this.snapshotted(
      new ApiGatewayRestApi(this, "api", {
        name: this.name,
        description: props.description,
        endpointConfiguration: { types: ["REGIONAL"] },
        lifecycle: { createBeforeDestroy: true },
      }),
    );
    this.id = this.api.id;
    this.validator = this.snapshotted(
      new ApiGatewayRequestValidator(this, "validator", {
        restApiId: this.id,
        name: "body-and-parameters",
        validateRequestBody: true,
        validateRequestParameters: true,
      }),
    );
    this.authorization = this.authorize(authorization);
    for (const [route, target] of Object.entries(props.routes)) this.addRoute(route as Route, target);
    if (allowedOrigin) this.allowOrigin(allowedOrigin, Object.keys(props.routes) as Route[]);
    if (trustedAccountIds.length > 0) this.trust(trustedAccountIds);
    const gatewayResponses = new GatewayResponses(this, "responses", { restApiId: this.id, allowedOrigin });
    this.snapshot.push(...gatewayResponses.resources);

    const deployment = new ApiGatewayDeployment(this, "deployment", {
      restApiId: this.id,
      triggers: {
        configuration: Lazy.stringValue({ produce: (context) => hashOf(this.snapshotText(context)) }),
        references: Lazy.stringValue({ produce: (context) => valuesOf(this.snapshotText(context)) }),
      },
      dependsOn: this.snapshot,
      lifecycle: { createBeforeDestroy: true },
    });
    this.stage = new ApiStage(this, "stage", {
      apiName: props.name,
      restApiId: this.id,
      deploymentId: deployment.id,
      throttle: props.throttle,
      logRetentionDays: props.logRetentionDays,
      encryptionKey: props.encryptionKey,
    });
    this.invokePolicyArn = new IamPolicy(this, "invoke-policy", {
      name: physicalName(this, `${props.name}-invoke`),
      description: `Calls every method of ${this.name}`,
      policy: policyDocument({
        Effect: "Allow",
        Action: "execute-api:Invoke",
        Resource: `${this.api.executionArn}/${this.stageName}/*`,
      }),
    }).arn;
  }

  private snapshotted<T extends TerraformResource>(resource: T): T {
    this.snapshot.push(resource);
    return resource;
  }

  private authorize(authorization: ApiAuthorization): RestApi["authorization"] {
    if (authorization.type !== "COGNITO_USER_POOLS") return { authorization: authorization.type };
    const authorizer = this.snapshotted(
      new ApiGatewayAuthorizer(this, "authorizer", {
        restApiId: this.id,
        name: "user-pools",
        type: authorization.type,
        providerArns: [...authorization.userPoolArns],
      }),
    );
    return {
      authorization: authorization.type,
      authorizerId: authorizer.id,
      ...(authorization.scopes && { authorizationScopes: [...authorization.scopes] }),
    };
  }

  private addRoute(route: Route, target: RouteTarget): void {
    const { httpMethod, path } = partsOf(route);
    const id = `${httpMethod}-${slug(path)}`.toLowerCase();
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [`method.request.path.${name}`, true]);
    const resourceId = this.resourceId(path === "/" ? "" : path);
    const method = this.snapshotted(
      new ApiGatewayMethod(this, id, {
        restApiId: this.id,
        resourceId,
        httpMethod,
        ...this.authorization,
        requestValidatorId: this.validator.id,
        requestParameters: { ...Object.fromEntries(inPath), ...target.requestParameters },
        ...(target.requestModel && {
          requestModels: { "application/json": this.addModel(id, target.requestModel) },
        }),
      }),
    );
    this.snapshotted(
      new ApiGatewayIntegration(this, `${id}-integration`, {
        restApiId: this.id,
        resourceId,
        httpMethod: method.httpMethod,
        type: "AWS_PROXY",
        // Lambda is invoked by POST, whatever the caller's method is.
        integrationHttpMethod: "POST",
        uri: target.function.aliasInvokeArn,
      }),
    );
    const methodArn = `${this.api.executionArn}/${this.stageName}/${httpMethod}${path.replace(/\{\w+\}/g, "*")}`;
    target.function.grantInvokeToApi(`invoke-${id}`, methodArn);
  }

  /** @returns the model's name, of letters and digits alone, as API Gateway wants it */
  private addModel(id: string, schema: object): string {
    const words = id.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    return this.snapshotted(
      new ApiGatewayModel(this, `${id}-model`, {
        restApiId: this.id,
        name: `${words.join("")}Body`,
        contentType: "application/json",
        schema: JSON.stringify(schema),
      }),
    ).name;
  }

  private allowOrigin(allowedOrigin: string, routes: readonly Route[]): void {
    const methods = new Map<string, string[]>();
    for (const { httpMethod, path } of routes.map(partsOf)) {
      methods.set(path, [...(methods.get(path) ?? []), httpMethod]);
    }
    for (const [path, ofPath] of methods) {
      const preflight = new CorsPreflight(this, `preflight-${slug(path)}`, {
        restApiId: this.id,
        resourceId: this.resourceId(path === "/" ? "" : path),
        allowedOrigin,
        methods: ofPath,
      });
      this.snapshot.push(...preflight.resources);
    }
  }

  /** With IAM authorization another account's principal needs both: this policy, and its own account's leave. */
  private trust(accountIds: readonly string[]): void {
    this.snapshotted(
      new ApiGatewayRestApiPolicy(this, "policy", {
        restApiId: this.id,
        policy: policyDocument({
          Sid: "TrustedAccounts",
          Effect: "Allow",
          Principal: { AWS: accountIds.map((accountId) => `arn:aws:iam::${accountId}:root`) },
          Action: "execute-api:Invoke",
          Resource: `${this.api.executionArn}/${this.stageName}/*`,
        }),
      }),
    );
  }

  /** The resource of a path, made with those above it where they are not there yet. */
  private resourceId(path: string): string {
    if (path === "") return this.api.rootResourceId;
    const known = this.resources.get(path);
    if (known) return known.id;
    const resource = this.snapshotted(
      new ApiGatewayResource(this, slug(path), {
        restApiId: this.id,
        parentId: this.resourceId(path.slice(0, path.lastIndexOf("/"))),
        pathPart: path.slice(path.lastIndexOf("/") + 1),
      }),
    );
    this.resources.set(path, resource);
    return resource.id;
  }

  /** Every attribute of what a deployment snapshots, as it will be written: any change makes a new deployment. */
  private snapshotText(context: IResolveContext): string {
    const bodies = this.snapshot.map((resource) => {
      const attributes = Object.entries(onlyBody(resource.toTerraform()));
      const snapshotted = attributes.filter(([name]) => !notSnapshotted.has(name));
      return [resource.friendlyUniqueId, Object.fromEntries(snapshotted)];
    });
    return JSON.stringify(context.resolve(Object.fromEntries(bodies)));
  }
}

/** What Terraform keeps to itself, and tags, which API Gateway has beside a deployment rather than in it. */
const notSnapshotted = new Set(["//", "depends_on", "lifecycle", "provider", "tags", "tags_all"]);

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A hash of what the text's references will be, which only Terraform knows: a function's new name, for example. */
function valuesOf(text: string): string {
  const references = [...text.matchAll(/\$\{([\w.-]+)\}/g)].map(([, reference]) => reference);
  return `\${sha256(jsonencode([${[...new Set(references)].join(", ")}]))}`;
}

function partsOf(route: Route): { readonly httpMethod: string; readonly path: string } {
  const [httpMethod = "", path = ""] = route.split(" ");
  return { httpMethod, path };
}

function slug(path: string): string {
  return path.replace(/[{}]/g, "").split("/").filter(Boolean).join("-");
}

/** cdktf nests a resource's body as resource → type → id → body. */
function onlyBody(terraform: { resource: Record<string, Record<string, Record<string, unknown>>> }) {
  const [byId] = Object.values(terraform.resource);
  return Object.values(byId ?? {})[0] ?? {};
}
