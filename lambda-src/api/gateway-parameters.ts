import type { Operation } from "./operation";

const places = { path: "path", query: "querystring", header: "header" } as const;

/** An operation's parameters as API Gateway's methods name them, each with whether a request must have it. */
export const gatewayParameters = ({ parameters }: Operation): Readonly<Record<string, boolean>> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      `method.request.${places[parameter.in]}.${name}`,
      parameter.in === "path" || parameter.required === true,
    ]),
  );
