import type { ApiEvent } from "./api-event";
import type { ApiResponse } from "./api-response";
import { RouteNotFoundError } from "./http-errors";
import type { Operation } from "./operation";
import type { OperationHandler } from "./operation-handler";
import { type OperationId, operations } from "./operations";
import { type ParametersOf, readParameters } from "./read-parameters";

/** One handler per operation. An operation without a handler does not compile. */
export type OperationHandlers = { readonly [Id in OperationId]: OperationHandler<Id> };

/** Parses a request's parameters and answers it. `signal` fires when the request's time is used up. */
export type Router = (event: ApiEvent, signal: AbortSignal) => Promise<ApiResponse>;

/** Routes a request to its operation, by the method and resource that API Gateway matched. */
export const router = (handlers: OperationHandlers): Router => {
  const routes = new Map<string, Router>(
    Object.entries<Operation>(operations).map(([id, { route, parameters }]) => [
      route,
      (event, signal) => {
        const handle = handlers[id as OperationId] as OperationHandler<OperationId>;
        return handle(readParameters(parameters, event) as ParametersOf<OperationId>, event, signal);
      },
    ]),
  );
  return async (event, signal) => {
    const route = routes.get(`${event.httpMethod} ${event.resource}`);
    if (route === undefined)
      throw new RouteNotFoundError("The API does not support this method on this path.");
    return route(event, signal);
  };
};
