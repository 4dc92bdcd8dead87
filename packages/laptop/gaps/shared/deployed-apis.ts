import {
  GetResourcesCommand,
  GetRestApiCommand,
  GetStageCommand,
  type GetStageCommandOutput,
  type Method,
  NotFoundException,
  type Resource,
} from "@aws-sdk/client-api-gateway";
import type { RequestHead } from "../gap";
import type { AwsClients } from "./aws-clients";
import { decodeIfPossible } from "./decode";

/** A request through a stage of a REST API. */
export interface ApiInvocation {
  readonly apiId: string;
  readonly stageName: string;
  /** Without the stage; begins with a slash. */
  readonly path: string;
}

/** An API with its current resources. AWS would use those of the stage's deployment. */
export interface DeployedApi {
  readonly apiName: string;
  readonly stage: GetStageCommandOutput;
  readonly resources: readonly Resource[];
}

export interface Route {
  readonly resource: Resource;
  readonly method: Method;
}

const keptMilliseconds = 1_000;
const byPath =
  /^\/(?:restapis\/([^/]+)\/([^/]+)\/_user_request_|_aws\/execute-api\/([^/]+)\/([^/]+))(\/.*)?$/;
const byHost = /^([a-f0-9]{8})\.execute-api\./;

export function apiInvocation({ path, headers }: RequestHead): ApiInvocation | undefined {
  const [, host] = byHost.exec(headers.host ?? "") ?? [];
  if (host) {
    const [, stageName = "", below = "/"] = /^\/([^/]*)(\/.*)?$/.exec(path) ?? [];
    return { apiId: host, stageName, path: below };
  }
  const [, restApi, restStage, api, stage, below = "/"] = byPath.exec(path) ?? [];
  const apiId = restApi ?? api;
  return apiId ? { apiId, stageName: restStage ?? stage ?? "", path: below } : undefined;
}

/** Looks up APIs and their stages, at most once a second each. */
export class DeployedApis {
  private readonly found = new Map<
    string,
    { readonly at: number; readonly api: Promise<DeployedApi | undefined> }
  >();

  constructor(private readonly clients: AwsClients) {}

  find(region: string, apiId: string, stageName: string): Promise<DeployedApi | undefined> {
    const key = `${region}/${apiId}/${stageName}`;
    const known = this.found.get(key);
    if (known && Date.now() - known.at < keptMilliseconds) return known.api;
    const api = this.ask(region, apiId, stageName);
    this.found.set(key, { at: Date.now(), api });
    return api;
  }

  private async ask(region: string, restApiId: string, stageName: string): Promise<DeployedApi | undefined> {
    const client = this.clients.apiGateway(region);
    try {
      const [{ name }, stage, { items }] = await Promise.all([
        client.send(new GetRestApiCommand({ restApiId })),
        client.send(new GetStageCommand({ restApiId, stageName })),
        client.send(new GetResourcesCommand({ restApiId, limit: 500, embed: ["methods"] })),
      ]);
      return { apiName: name ?? "", stage, resources: items ?? [] };
    } catch (error) {
      if (error instanceof NotFoundException) return undefined;
      throw error;
    }
  }
}

/** The resource and method that serve a path. Literal segments win over parameters, and those over greedy parameters. */
export function routeOf(resources: readonly Resource[], httpMethod: string, path: string): Route | undefined {
  const segments = path.split("/").filter(Boolean).map(decodeIfPossible);
  const candidates = resources
    .flatMap((resource) => {
      const method = resource.resourceMethods?.[httpMethod] ?? resource.resourceMethods?.ANY;
      const rank = method && rankOf(resource.path ?? "", segments);
      return method && rank !== undefined ? [{ resource, method, rank }] : [];
    })
    .sort((one, other) => (one.rank < other.rank ? -1 : 1));
  return candidates[0];
}

/** One digit per segment; a lower digit is a more specific match. Undefined if the path does not match. */
function rankOf(resourcePath: string, segments: readonly string[]): string | undefined {
  const parts = resourcePath.split("/").filter(Boolean);
  const greedy = /^\{.*\+\}$/.test(parts.at(-1) ?? "");
  if (greedy ? segments.length < parts.length : segments.length !== parts.length) return undefined;
  const ranks = parts.map((part, index) => {
    if (/^\{.*\+\}$/.test(part)) return "2";
    if (/^\{.*\}$/.test(part)) return "1";
    return part === segments[index] ? "0" : undefined;
  });
  return ranks.includes(undefined) ? undefined : ranks.join("");
}
