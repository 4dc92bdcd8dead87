import type { Operation } from "./operation";

const places = { path: "path", query: "querystring", header: "header" } as const;

/** An operation's parameters, named as in API Gateway's methods, and whether each is required. */
export const gatewayParameters = ({ parameters }: Operation): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      `method.request.${places[parameter.in]}.${name}`,
      parameter.in === "path" || parameter.required === true,
    ]),
  );
