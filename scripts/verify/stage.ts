import { GetResourcesCommand, GetStageCommand, type Resource } from "@aws-sdk/client-api-gateway";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { CheckFailedError, differs, requireNoProblems } from "./verdict";

/** The API's live stage and routes. */
export const stageChecks: readonly Check[] = [
  {
    name: "stage/deployment",
    run: async (deployment) => {
      const { deploymentId } = await stageOf(deployment);
      const [made] = deployment.resources("aws_api_gateway_deployment");
      requireNoProblems([differs("the deployment", deploymentId, made?.id)]);
      return `${deploymentId}, as deployed`;
    },
  },
  {
    name: "stage/tracing",
    run: async (deployment) => {
      requireNoProblems([differs("tracing", (await stageOf(deployment)).tracingEnabled ?? false, true)]);
      return "on";
    },
  },
  {
    name: "stage/access-log",
    run: async (deployment) => {
      const { destinationArn, format = "" } = (await stageOf(deployment)).accessLogSettings ?? {};
      const group = deployment.output("access-log-group");
      if (!destinationArn) throw new CheckFailedError("it has no access log");
      requireNoProblems([
        !destinationArn.endsWith(`:${group}`) && `it is written to ${destinationArn}, not to ${group}`,
        format.includes("\n") && "its format has more than one line",
        !format.includes("$context.requestId") && "its format has no request id",
      ]);
      return group;
    },
  },
  {
    name: "stage/throttle",
    run: async (deployment) => {
      const settings = (await stageOf(deployment)).methodSettings?.["*/*"];
      const { requestsPerSecond, burst } = deployment.environment.throttle;
      requireNoProblems([
        differs("requests per second", settings?.throttlingRateLimit, requestsPerSecond),
        differs("the burst", settings?.throttlingBurstLimit, burst),
      ]);
      return `${requestsPerSecond} requests per second, burst ${burst}`;
    },
  },
  {
    name: "stage/logging",
    run: async (deployment) => {
      const settings = (await stageOf(deployment)).methodSettings?.["*/*"];
      requireNoProblems([
        differs("its level", settings?.loggingLevel, "ERROR"),
        differs("metrics per method", settings?.metricsEnabled ?? false, true),
        settings?.dataTraceEnabled && "it logs the content of requests",
      ]);
      return "errors only, no request content; metrics per method";
    },
  },
  {
    name: "routes/authorization",
    run: async (deployment) => {
      const { type } = deployment.environment.authorization;
      const routes = await routesOf(deployment);
      requireNoProblems(
        routes.map(({ name, method }) => differs(`${name}'s authorization`, method.authorizationType, type)),
      );
      return `${type} on all ${routes.length} routes`;
    },
  },
  {
    name: "routes/integrations",
    run: async (deployment) => {
      const routes = await routesOf(deployment);
      return requireAlias(
        deployment,
        routes.map(({ name, method }) => ({ name, uri: method.methodIntegration?.uri })),
      );
    },
  },
];

/** @returns what was found @throws CheckFailedError if a route's integration does not invoke the function's alias */
export function requireAlias(
  deployment: Deployment,
  routes: readonly { readonly name: string; readonly uri: string | undefined }[],
): string {
  const alias = deployment.output("api-function-alias-arn");
  requireNoProblems(
    routes.map(({ name, uri }) => !uri?.includes(`${alias}/`) && `${name} does not invoke ${alias}`),
  );
  return `all ${routes.length} routes invoke the alias`;
}

export function stageOf(deployment: Deployment) {
  return deployment.once("stage", () =>
    deployment.clients.apiGateway.send(
      new GetStageCommand({
        restApiId: deployment.output("api-id"),
        stageName: deployment.output("api-stage"),
      }),
    ),
  );
}

/** Without CORS preflights, which API Gateway answers for anybody. @throws CheckFailedError if routes are missing */
function routesOf(deployment: Deployment) {
  return deployment.once("routes", async () => {
    const found: Resource[] = [];
    let position: string | undefined;
    do {
      const page: { items?: Resource[] | undefined; position?: string | undefined } =
        await deployment.clients.apiGateway.send(
          new GetResourcesCommand({
            restApiId: deployment.output("api-id"),
            embed: ["methods"],
            limit: 500,
            position,
          }),
        );
      found.push(...(page.items ?? []));
      position = page.position;
    } while (position);
    const routes = found.flatMap(({ path = "", resourceMethods = {} }) =>
      Object.entries(resourceMethods)
        .filter(([httpMethod]) => httpMethod !== "OPTIONS")
        .map(([httpMethod, method]) => ({ name: `${httpMethod} ${path}`, method })),
    );
    const expected = deployment
      .resources("aws_api_gateway_method")
      .filter(({ http_method: method }) => method !== "OPTIONS").length;
    requireNoProblems([differs("the number of routes", routes.length, expected)]);
    return routes;
  });
}
