import { InvalidPropsError } from "../constructs/invalid-props-error";
import type { RouteTarget } from "../constructs/rest-api";
import type { Route } from "../constructs/routes";
import type { ServiceFunction } from "../constructs/service-function";
import { gatewayParameters } from "../lambda-src/api/gateway-parameters";
import type { Operation } from "../lambda-src/api/operation";
import { operations as itemsOperations } from "../lambda-src/api/operations";
import { requestModel } from "../lambda-src/api/request-model";

/**
 * The API's routes, from the same table of operations that the function's router uses.
 * @throws InvalidPropsError if two operations have one route
 */
export function itemsRoutes(
  apiFunction: ServiceFunction,
  operations: Readonly<Record<string, Operation>> = itemsOperations,
): Readonly<Record<Route, RouteTarget>> {
  refuseSharedRoutes(operations);
  const targets = Object.values(operations).map((operation) => {
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

function refuseSharedRoutes(operations: Readonly<Record<string, Operation>>): void {
  const ids = Object.keys(operations);
  const problems = ids.flatMap((id, index) => {
    const route = operations[id]?.route;
    const earlier = ids.slice(0, index).find((other) => operations[other]?.route === route);
    return earlier
      ? [
          `lambda-src/api/operations.ts: ${earlier} and ${id} must have different routes, got ${route} for both; one would never be called`,
        ]
      : [];
  });
  if (problems.length > 0) throw new InvalidPropsError(problems);
}
