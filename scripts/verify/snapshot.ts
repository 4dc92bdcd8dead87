import { GetDeploymentCommand, GetExportCommand } from "@aws-sdk/client-api-gateway";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { requireAlias, stageOf } from "./stage";
import { requireNoProblems, UncheckedError } from "./verdict";

/**
 * What the stage serves: the snapshot that its deployment took of the API. It differs from the API itself after a deployment
 * that removed something, until the next one.
 */
export const snapshotChecks: readonly Check[] = [
  {
    name: "snapshot/routes",
    run: async (deployment) => {
      const served = await servedMethods(deployment);
      const configured = configuredMethods(deployment);
      requireNoProblems([
        ...[...served].map(([name, authorization]) => {
          const expected = configured.get(name);
          if (expected === undefined) {
            return `it still contains ${name}, which is not in the configuration: ${deployAgain(deployment)}`;
          }
          return authorization !== expected && `it serves ${name} with ${authorization}, not ${expected}`;
        }),
        ...[...configured.keys()].map((name) => !served.has(name) && `it does not serve ${name}`),
      ]);
      return `${served.size} methods and their authorization, as configured`;
    },
  },
  {
    name: "snapshot/integrations",
    run: async (deployment) => {
      const { paths = {} } = await exportOf(deployment);
      const exported = Object.entries(paths).flatMap(([path, operations]) =>
        Object.entries(operations).map(
          ([method, operation]) =>
            [`${exportedMethod(method)} ${path}`, operation["x-amazon-apigateway-integration"]?.uri] as const,
        ),
      );
      // A configured route must be in the export: an export without any would otherwise pass.
      const uris = new Map([
        ...[...configuredMethods(deployment).keys()].map((name) => [name, undefined] as const),
        ...exported,
      ]);
      return requireAlias(
        deployment,
        [...uris].filter(([name]) => !name.startsWith("OPTIONS ")).map(([name, uri]) => ({ name, uri })),
      );
    },
  },
  {
    name: "snapshot/preflights",
    run: async (deployment) => {
      const { allowedOrigin } = deployment.environment;
      const paths = [...configuredMethods(deployment).keys()].map((name) => name.split(" ")[1] ?? "");
      const unique = [...new Set(paths)];
      const problems = unique.map(async (path) => {
        const { status, headers } = await deployment.api.sendPreflight(path.replace(/\{[^}]+\}/g, "verify"));
        const allowed = headers.get("access-control-allow-origin");
        if (allowedOrigin) {
          return allowed !== allowedOrigin && `${path} allows ${allowed ?? `nobody (${status})`}`;
        }
        return status !== 403 && `${path} returns ${status} and allows ${allowed ?? "nobody"}`;
      });
      const found = (await Promise.all(problems)).filter((problem) => problem !== false);
      requireNoProblems(
        found.length > 0
          ? [`${found.join("; ")}; configured: ${allowedOrigin ?? "no origin"}: ${deployAgain(deployment)}`]
          : [],
      );
      return `${allowedOrigin ?? "no origin"} on all ${unique.length} paths`;
    },
  },
  {
    name: "snapshot/rest",
    run: async () => {
      throw new UncheckedError(
        "AWS does not show the policy, models, validators and gateway responses that a deployment contains",
      );
    },
  },
];

function deployAgain({ stackId }: Deployment): string {
  return `deploy again (npx cdktf deploy ${stackId})`;
}

/** By `GET /path`, the authorization of each method in the stage's deployment. */
async function servedMethods(deployment: Deployment): Promise<ReadonlyMap<string, string>> {
  const { deploymentId } = await stageOf(deployment);
  const { apiSummary = {} } = await deployment.clients.apiGateway.send(
    new GetDeploymentCommand({
      restApiId: deployment.output("api-id"),
      deploymentId,
      embed: ["apisummary"],
    }),
  );
  return new Map(
    Object.entries(apiSummary).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { authorizationType = "NONE" }]) => [`${method} ${path}`, authorizationType] as const,
      ),
    ),
  );
}

/** An OpenAPI document has no method ANY, so API Gateway exports it under a name of its own. */
function exportedMethod(method: string): string {
  return method === "x-amazon-apigateway-any-method" ? "ANY" : method.toUpperCase();
}

function configuredMethods(deployment: Deployment): ReadonlyMap<string, string> {
  const paths = new Map(
    deployment.resources("aws_api_gateway_resource").map(({ id, path }) => [id, `${path}`]),
  );
  return new Map(
    deployment
      .resources("aws_api_gateway_method")
      .map(({ resource_id: id, http_method: method, authorization }) => [
        `${method} ${paths.get(id) ?? "/"}`,
        `${authorization}`,
      ]),
  );
}

/** The parts of an OpenAPI document that the checks read. */
interface ExportedApi {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, ExportedOperation>>>>;
}

interface ExportedOperation {
  readonly "x-amazon-apigateway-integration"?: { readonly uri?: string };
}

async function exportOf(deployment: Deployment): Promise<ExportedApi> {
  const { body } = await deployment.clients.apiGateway.send(
    new GetExportCommand({
      restApiId: deployment.output("api-id"),
      stageName: deployment.output("api-stage"),
      exportType: "oas30",
      accepts: "application/json",
      parameters: { extensions: "integrations" },
    }),
  );
  return JSON.parse(Buffer.from(body ?? []).toString());
}
