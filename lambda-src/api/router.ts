import type { ApiResponse } from "../runtime/api-response";
import { RouteNotFoundError } from "../runtime/errors";
import type { ApiEvent } from "./api-event";

/** Answers one route. `signal` fires when the request has used its time. */
export type RouteHandler = (event: ApiEvent, signal: AbortSignal) => Promise<ApiResponse>;

/** `<method> <resource>`, in API Gateway's own words: `GET /items/{id}`. */
export type RouteKey = `${"DELETE" | "GET" | "POST" | "PUT"} /${string}`;

export type Routes = Readonly<Record<RouteKey, RouteHandler>>;

/**
 * The handler of a request, by the method and resource that API Gateway matched.
 *
 * @throws RouteNotFoundError where API Gateway has a route that the function lacks
 */
export const findRoute = (routes: Routes, { httpMethod, resource }: ApiEvent): RouteHandler => {
  const handler = routes[`${httpMethod} ${resource}` as RouteKey];
  if (handler === undefined) throw new RouteNotFoundError("The API has no such method on this path.");
  return handler;
};
