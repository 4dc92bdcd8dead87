import type { Construct } from "constructs";
import { InvalidPropsError } from "./invalid-props-error";

/** A method and a path relative to the stage, for example `GET /items/{id}` or `GET /files/{path+}`. */
export type Route = `${"GET" | "POST" | "PUT" | "DELETE"} /${string}`;

/** The ids of the other constructs in an API. The id of a path must differ from all of them. */
const otherIds =
  /^(api|authorizer|deployment|invoke-policy|policy|removed-parts|responses|stage|validator|(get|post|put|delete|preflight)-.*)$/;

export function partsOf(route: Route): { readonly httpMethod: string; readonly path: string } {
  const [httpMethod = "", path = ""] = route.split(" ");
  return { httpMethod, path };
}

/** The names of a path's parameters. */
export function parametersIn(path: string): readonly string[] {
  return [...path.matchAll(/\{([^}+]*)\+?\}/g)].map(([, name = ""]) => name);
}

/** Part of construct ids: `/items/{id}` is `items-id`. */
export function slug(path: string): string {
  return path.replace(/[{}+]/g, "").split("/").filter(Boolean).join("-");
}

export function resourceConstructId(path: string): string {
  const id = slug(path);
  return otherIds.test(id) ? `resource-${id}` : id;
}

export function methodConstructId(route: Route): string {
  const { httpMethod, path } = partsOf(route);
  return `${httpMethod}-${slug(path)}`.toLowerCase();
}

/** The name of the model of a route's body. API Gateway accepts only letters and digits in it. */
export function modelName(route: Route): string {
  const words = methodConstructId(route).split(/[^a-z0-9]+/);
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}Body`;
}

/**
 * Checks all routes of an API together.
 * @param modelled those that have a model of their body
 * @throws InvalidPropsError with one line per problem
 */
export function checkRoutes(
  scope: Construct,
  routes: readonly Route[],
  modelled: readonly Route[] = [],
): void {
  const problems = [...routes.flatMap(shapeProblems), ...idProblems(routes), ...modelProblems(modelled)];
  if (problems.length > 0) {
    throw new InvalidPropsError(problems.map((problem) => `${scope.node.path}: ${problem}`));
  }
}

function shapeProblems(route: Route): string[] {
  const quoted = JSON.stringify(route);
  if (!/^(GET|POST|PUT|DELETE) \/\S*$/.test(route)) {
    return [
      `a route must be GET, POST, PUT or DELETE, one space and a path, such as GET /items, got ${quoted}`,
    ];
  }
  const { path } = partsOf(route);
  if (path === "/") return [];
  if (path.endsWith("/") || path.includes("//")) {
    return [
      `a route's path must not have an empty part or end with a slash, got ${quoted}; write ${path.replace(/\/+/g, "/").replace(/(.)\/$/, "$1")}`,
    ];
  }
  const parts = path.slice(1).split("/");
  return parts.flatMap((part, index) => {
    if (/^\{[\w.-]+\+\}$/.test(part) && index < parts.length - 1) {
      return [`${part} takes the rest of the path, so it must be the last part of the path, got ${quoted}`];
    }
    // What API Gateway accepts: CreateResource refuses anything else with "Resource's path part only allow …".
    if (/^([\w.:-]+|\{[\w.-]+\+?\})$/.test(part)) return [];
    return [
      `each part of a route's path must be letters, digits and . _ : -, or a parameter such as {id} or {path+}, got ${JSON.stringify(part)} in ${quoted}`,
    ];
  });
}

/** Paths, and methods of different paths, that would be one construct: ids have no braces, and those of methods no capitals. */
function idProblems(routes: readonly Route[]): string[] {
  const paths = new Set(routes.flatMap((route) => parentsOf(partsOf(route).path)));
  const pathId = (route: Route) => resourceConstructId(partsOf(route).path);
  return [
    ...sharedIds([...paths], resourceConstructId),
    ...sharedIds(routes, methodConstructId, (one, other) => pathId(one) !== pathId(other)),
  ].map(
    ([id, one, other]) =>
      `${one} and ${other} would both be the construct ${id}, whose id is part of an address in Terraform's state; rename a part of one of them`,
  );
}

/** Routes with different ids can have one name: `POST /a-b` and `POST /a.b` are both PostABBody. */
function modelProblems(modelled: readonly Route[]): string[] {
  const isProblem = (one: Route, other: Route) => methodConstructId(one) !== methodConstructId(other);
  return sharedIds(modelled, modelName, isProblem).map(
    ([name, one, other]) =>
      `the bodies of ${one} and ${other} would both be the model ${name}, which an API can have once; rename a part of one of them`,
  );
}

/** Pairs with the same id. */
function sharedIds<Named extends string>(
  all: readonly Named[],
  idOf: (one: Named) => string,
  isProblem: (one: Named, other: Named) => boolean = () => true,
): [id: string, one: Named, other: Named][] {
  return all.flatMap((other, index) => {
    const one = all.slice(0, index).find((earlier) => idOf(earlier) === idOf(other));
    return one !== undefined && isProblem(one, other) ? [[idOf(other), one, other]] : [];
  });
}

/** `/a`, `/a/b` and `/a/b/{c}` for `/a/b/{c}`. */
function parentsOf(path: string): readonly string[] {
  const parts = path.split("/").filter(Boolean);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}
