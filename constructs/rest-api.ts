import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import { ApiGatewayIntegration } from "@cdktf/provider-aws/lib/api-gateway-integration";
import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import { ApiGatewayModel } from "@cdktf/provider-aws/lib/api-gateway-model";
import { ApiGatewayRequestValidator } from "@cdktf/provider-aws/lib/api-gateway-request-validator";
import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import { ApiGatewayRestApiPolicy } from "@cdktf/provider-aws/lib/api-gateway-rest-api-policy";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import { type ApiAuthorization, authorizeMethods, type MethodAuthorization } from "./api-authorization";
import { apiPolicy } from "./api-policy";
import { ApiStage, type ApiThrottle } from "./api-stage";
import { CorsPreflight } from "./cors-preflight";
import type { CustomerKey } from "./customer-key";
import { DeploymentSnapshot } from "./deployment-snapshot";
import { GatewayResponses } from "./gateway-responses";
import type { LogRetentionDays } from "./log-retention";
import { namingOf, physicalName } from "./naming";
import { policyDocument } from "./policy-document";
import { RemovedParts } from "./removed-parts";
import {
  checkRoutes,
  methodConstructId,
  modelName,
  parametersIn,
  partsOf,
  type Route,
  resourceConstructId,
  slug,
} from "./routes";
import type { ServiceFunction } from "./service-function";

export interface RouteTarget {
  readonly function: ServiceFunction;
  /** JSON schema (draft 4) that API Gateway checks a JSON body against before it calls the function. @default none */
  readonly requestModel?: object;
  /**
   * By `method.request.<location>.<name>`: whether API Gateway returns 400 if the parameter is missing.
   * @default the path's parameters, all required
   */
  readonly requestParameters?: Readonly<Record<string, boolean>>;
}

export interface RestApiProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  readonly description: string;
  readonly routes: Readonly<Record<Route, RouteTarget>>;
  /** @default AWS_IAM: callers sign their requests, and IAM decides who can call */
  readonly authorization?: ApiAuthorization;
  readonly throttle: ApiThrottle;
  /** Origin whose pages can call the API from a browser, or `*`. @default none */
  readonly allowedOrigin?: string | undefined;
  /** 12-digit ids of other accounts whose principals can call the API too. @default none */
  readonly trustedAccountIds?: readonly string[];
  /** How many days CloudWatch keeps lines of the access and execution logs. */
  readonly logRetentionDays: LogRetentionDays;
  /** @default a key that CloudWatch Logs owns */
  readonly encryptionKey?: CustomerKey | undefined;
}

/**
 * A regional REST API with one stage, named after the environment. Each route is a proxy integration with a function's
 * alias. API Gateway checks parameters and bodies before it calls the function. Its own responses are problem+json.
 *
 * API Gateway writes logs with one role per account and Region, which account-stack creates. Without that role, AWS
 * refuses the stage with "CloudWatch Logs role ARN must be set in account settings to enable logging".
 */
export class RestApi extends Construct {
  readonly id: string;
  readonly name: string;
  readonly stage: ApiStage;
  /** ARN of a managed policy that allows calling every method of the stage. */
  readonly invokePolicyArn: string;
  private readonly api: ApiGatewayRestApi;
  private readonly stageName: string;
  private readonly authorization: MethodAuthorization;
  private readonly validator: ApiGatewayRequestValidator;
  private readonly resources = new Map<string, ApiGatewayResource>();
  private readonly snapshot = new DeploymentSnapshot();

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    const routes = Object.keys(props.routes) as Route[];
    checkRoutes(
      this,
      routes,
      routes.filter((route) => props.routes[route]?.requestModel),
    );
    const { authorization = { type: "AWS_IAM" }, allowedOrigin, trustedAccountIds = [] } = props;
    this.name = physicalName(this, props.name);
    this.stageName = namingOf(this).environment;
    this.api = this.snapshot.add(
      new ApiGatewayRestApi(this, "api", {
        name: this.name,
        description: props.description,
        endpointConfiguration: { types: ["REGIONAL"] },
        lifecycle: { createBeforeDestroy: true },
      }),
    );
    this.id = this.api.id;
    this.validator = this.snapshot.add(
      new ApiGatewayRequestValidator(this, "validator", {
        restApiId: this.id,
        name: "body-and-parameters",
        validateRequestBody: true,
        validateRequestParameters: true,
      }),
    );
    const { methods, authorizer } = authorizeMethods(this, this.id, authorization);
    this.authorization = methods;
    if (authorizer) this.snapshot.add(authorizer);
    for (const [route, target] of Object.entries(props.routes)) this.addRoute(route as Route, target);
    if (allowedOrigin) this.allowOrigin(allowedOrigin, Object.keys(props.routes) as Route[]);
    this.snapshot.add(
      new ApiGatewayRestApiPolicy(this, "policy", {
        restApiId: this.id,
        policy: apiPolicy({
          stageArn: `${this.api.executionArn}/${this.stageName}`,
          authorization,
          preflights: Boolean(allowedOrigin),
          trustedAccountIds,
        }),
      }),
    );
    const gatewayResponses = new GatewayResponses(this, "responses", { restApiId: this.id, allowedOrigin });
    for (const response of gatewayResponses.resources) this.snapshot.add(response);

    const removed = new RemovedParts(this, "removed-parts", {
      apiName: props.name,
      parts: () => this.snapshot.resources,
    });
    const deployment = new ApiGatewayDeployment(this, "deployment", {
      restApiId: this.id,
      triggers: { ...this.snapshot.triggers, removed: removed.trigger },
      dependsOn: this.snapshot.resources,
      lifecycle: { createBeforeDestroy: true },
    });
    promise(deployment, "the stage serves what the API's parts say", [
      "rest_api_id",
      "triggers",
      "lifecycle.create_before_destroy",
    ]);
    removed.writeAfter(deployment);
    this.stage = new ApiStage(this, "stage", {
      apiName: props.name,
      restApiId: this.id,
      deploymentId: deployment.id,
      throttle: props.throttle,
      logRetentionDays: props.logRetentionDays,
      encryptionKey: props.encryptionKey,
    });
    const invokePolicy = new IamPolicy(this, "invoke-policy", {
      name: physicalName(this, `${props.name}-invoke`),
      description: `Calls every method of ${this.name}`,
      policy: policyDocument({
        Effect: "Allow",
        Action: "execute-api:Invoke",
        Resource: `${this.api.executionArn}/${this.stageName}/*`,
      }),
    });
    promise(invokePolicy, "its holders may call this stage and no other", ["name", "policy"]);
    this.invokePolicyArn = invokePolicy.arn;
  }

  private addRoute(route: Route, target: RouteTarget): void {
    const { httpMethod, path } = partsOf(route);
    const id = methodConstructId(route);
    const pathParameters = parametersIn(path).map((name) => [`method.request.path.${name}`, true]);
    const resourceId = this.resourceId(path === "/" ? "" : path);
    const method = this.snapshot.add(
      new ApiGatewayMethod(this, id, {
        restApiId: this.id,
        resourceId,
        httpMethod,
        ...this.authorization,
        requestValidatorId: this.validator.id,
        requestParameters: { ...Object.fromEntries(pathParameters), ...target.requestParameters },
        ...(target.requestModel && {
          requestModels: { "application/json": this.addModel(route, target.requestModel) },
        }),
      }),
    );
    this.snapshot.add(
      new ApiGatewayIntegration(this, `${id}-integration`, {
        restApiId: this.id,
        resourceId,
        httpMethod: method.httpMethod,
        type: "AWS_PROXY",
        // Lambda is invoked with POST, whatever the caller's method is.
        integrationHttpMethod: "POST",
        uri: target.function.aliasInvokeArn,
      }),
    );
    const methodArn = `${this.api.executionArn}/${this.stageName}/${httpMethod}${path.replace(/\{[^}]*\}/g, "*")}`;
    target.function.grantInvokeToApi(`invoke-${id}`, methodArn);
  }

  /** @returns the model's name */
  private addModel(route: Route, schema: object): string {
    return this.snapshot.add(
      new ApiGatewayModel(this, `${methodConstructId(route)}-model`, {
        restApiId: this.id,
        name: modelName(route),
        contentType: "application/json",
        schema: JSON.stringify(schema),
      }),
    ).name;
  }

  private allowOrigin(allowedOrigin: string, routes: readonly Route[]): void {
    const methodsByPath = new Map<string, string[]>();
    for (const { httpMethod, path } of routes.map(partsOf)) {
      methodsByPath.set(path, [...(methodsByPath.get(path) ?? []), httpMethod]);
    }
    for (const [path, methods] of methodsByPath) {
      const preflight = new CorsPreflight(this, `preflight-${slug(path)}`, {
        restApiId: this.id,
        resourceId: this.resourceId(path === "/" ? "" : path),
        allowedOrigin,
        methods,
      });
      for (const resource of preflight.resources) this.snapshot.add(resource);
    }
  }

  /** The id of a path's resource. Creates the resource, and those of the parent paths, if they do not exist yet. */
  private resourceId(path: string): string {
    if (path === "") return this.api.rootResourceId;
    const existing = this.resources.get(path);
    if (existing) return existing.id;
    const resource = this.snapshot.add(
      new ApiGatewayResource(this, resourceConstructId(path), {
        restApiId: this.id,
        parentId: this.resourceId(path.slice(0, path.lastIndexOf("/"))),
        pathPart: path.slice(path.lastIndexOf("/") + 1),
      }),
    );
    this.resources.set(path, resource);
    return resource.id;
  }
}
