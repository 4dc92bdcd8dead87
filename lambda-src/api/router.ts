import type { ApiEvent } from "./api-event";
import type { ApiResponse } from "./api-response";
import { RouteNotFoundError } from "./http-errors";
import type { Operation } from "./operation";
import type { OperationHandler } from "./operation-handler";
import { type OperationId, operations } from "./operations";
import { type ParametersOf, readParameters } from "./read-parameters";

/** One handler an operation: a table of operations without one does not compile. */
export type OperationHandlers = { readonly [Id in OperationId]: OperationHandler<Id> };

/** Answers a request, its parameters read. `signal` fires when the request has used its time. */
export type Router = (event: ApiEvent, signal: AbortSignal) => Promise<ApiResponse>;

/** Finds the operation of a request by the method and resource that API Gateway matched. */
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
    if (route === undefined) throw new RouteNotFoundError("The API has no such method on this path.");
    return route(event, signal);
  };
};
