import type { Route, RouteTarget } from "../constructs/rest-api";
import type { ServiceFunction } from "../constructs/service-function";
import { gatewayParameters } from "../lambda-src/api/gateway-parameters";
import type { Operation } from "../lambda-src/api/operation";
import { operations } from "../lambda-src/api/operations";
import { requestModel } from "../lambda-src/api/request-model";

/** The API's routes, from the same table of operations that the function's router uses. */
export function itemsRoutes(apiFunction: ServiceFunction): Readonly<Record<Route, RouteTarget>> {
  const targets = Object.values<Operation>(operations).map((operation) => {
    const model = requestModel(operation);
    const target: RouteTarget = {
      function: apiFunction,
      requestParameters: gatewayParameters(operation),
      ...(model && { requestModel: model }),
    };
    return [operation.route, target] as const;
  });
  return Object.fromEntries(targets);
}
