import type { Exchange, Gap, GapSettings } from "../gap";
import { Batches } from "./batches";
import {
  type ApiInvocation,
  apiInvocation,
  type DeployedApi,
  type DeployedApis,
  type Route,
  routeOf,
} from "./deployed-apis";

/** An answered request through a REST API. */
export interface ApiRequest {
  readonly exchange: Exchange;
  readonly invocation: ApiInvocation;
  /** Undefined if the API has no such method. */
  readonly route: Route | undefined;
}

/** Requests through one stage, in the order in which they were answered. */
export interface ApiRequests {
  readonly region: string;
  readonly api: DeployedApi;
  readonly requests: readonly ApiRequest[];
}

export interface ApiRequestsGapProps extends GapSettings {
  readonly name: string;
  readonly apis: Pick<DeployedApis, "find">;
  readonly deliver: (requests: ApiRequests) => Promise<void>;
}

const batchMilliseconds = 100;

/** A gap that acts on requests through REST APIs after they have been answered, in one batch per stage. */
export function apiRequestsGap({ name, apis, region, report, deliver }: ApiRequestsGapProps): Gap {
  const batches = new Batches<Exchange>({
    milliseconds: batchMilliseconds,
    failed: (error) => void report(name, error),
    deliver: async (key, exchanges) => {
      const [stageRegion, apiId, stageName] = JSON.parse(key) as [string, string, string];
      const api = await apis.find(stageRegion, apiId, stageName);
      if (!api) return;
      const requests = exchanges.flatMap((exchange): ApiRequest[] => {
        const invocation = apiInvocation(exchange.head);
        if (!invocation) return [];
        const route = routeOf(api.resources, exchange.head.method, invocation.path);
        return [{ exchange, invocation, route }];
      });
      await deliver({ region: stageRegion, api, requests });
    },
  });
  return {
    name,
    claims: (head) => apiInvocation(head) !== undefined,
    observe: (exchange) => {
      const invocation = apiInvocation(exchange.head);
      if (!invocation) return;
      const { apiId, stageName } = invocation;
      batches.add(JSON.stringify([exchange.head.region ?? region, apiId, stageName]), exchange);
    },
    settle: () => batches.settle(),
  };
}
