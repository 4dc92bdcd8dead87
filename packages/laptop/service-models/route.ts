import type { RequestHead } from "../gaps/gap";
import type { Operation, ServiceModel } from "./service-model";

/** An operation and the labels in the path. */
export interface Route {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

interface Template {
  readonly operation: Operation;
  readonly segments: readonly string[];
  /** The fixed part of the query: its values, or undefined where any value will do. */
  readonly query: readonly (readonly [name: string, value: string | undefined])[];
  /** Headers and query parameters that a request of this operation has. */
  readonly required: readonly { readonly header: boolean; readonly name: string }[];
}

/** Finds the operation of a request in the REST protocols, by method, path, query and required parameters. */
export class Router {
  private readonly templates = new Map<string, Template[]>();

  constructor(model: ServiceModel) {
    for (const operation of model.operations.values()) {
      const key = operation.method;
      this.templates.set(key, [...(this.templates.get(key) ?? []), template(operation)]);
    }
  }

  /** @param path with the bucket in it, if the service is S3 */
  find({ method, query, headers }: RequestHead, path: string): Route | undefined {
    const segments = path.split("/").slice(1);
    const trailing = segments.at(-1) === "" && segments.length > 1 ? segments.slice(0, -1) : segments;
    let best: { readonly template: Template; readonly rank: number } | undefined;
    for (const candidate of this.templates.get(method) ?? []) {
      if (!matches(candidate, trailing) || !hasQuery(candidate, query)) continue;
      const missing = candidate.required.filter(({ header, name }) =>
        header ? headers[name] === undefined : !query.has(name),
      ).length;
      const rank = specificity(candidate) + candidate.required.length - missing * 100;
      if (!best || rank > best.rank) best = { template: candidate, rank };
    }
    return (
      best && { operation: best.template.operation, labels: labelsOf(best.template, segments, trailing) }
    );
  }
}

function template(operation: Operation): Template {
  const [path = "/", queryString = ""] = operation.uri.split("?");
  const segments = path.split("/").slice(1);
  const query = queryString
    .split("&")
    .filter(Boolean)
    .map((pair) => {
      const [name = "", value] = pair.split("=");
      return [name, value] as const;
    });
  const members = operation.input?.members ?? [];
  const required = members
    .filter(
      (member) => member.required && (member.location === "header" || member.location === "querystring"),
    )
    .map(({ location, wireName }) => ({
      header: location === "header",
      name: location === "header" ? wireName.toLowerCase() : wireName,
    }));
  return {
    operation,
    segments: segments.at(-1) === "" && segments.length > 1 ? segments.slice(0, -1) : segments,
    query,
    required,
  };
}

/** A greedy label, such as {Key+}, stands for one segment or more. */
function matches({ segments }: Template, path: readonly string[]): boolean {
  const greedy = segments.findIndex((segment) => segment.endsWith("+}"));
  if (greedy < 0)
    return path.length === segments.length && segments.every((_, at) => fits(segments[at], path[at]));
  const after = segments.length - greedy - 1;
  if (path.length < segments.length) return false;
  return (
    segments.slice(0, greedy).every((segment, at) => fits(segment, path[at])) &&
    segments.slice(greedy + 1).every((segment, at) => fits(segment, path[path.length - after + at]))
  );
}

function fits(segment: string | undefined, given: string | undefined): boolean {
  return segment?.startsWith("{") ? given !== "" : segment === given;
}

function hasQuery({ query }: Template, given: URLSearchParams): boolean {
  return query.every(([name, value]) => (value === undefined ? given.has(name) : given.get(name) === value));
}

/** A fixed path segment or query parameter says more than a label. */
function specificity({ segments, query }: Template): number {
  return segments.filter((segment) => !segment.startsWith("{")).length * 1_000 + query.length * 10_000;
}

function labelsOf(
  { segments }: Template,
  path: readonly string[],
  trimmed: readonly string[],
): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  let at = 0;
  for (const [index, segment] of segments.entries()) {
    const [, name, greedy] = /^\{([^+}]+)(\+?)\}$/.exec(segment) ?? [];
    // A greedy label at the end includes the slash after it.
    const last = index === segments.length - 1;
    const given = greedy && last ? path : trimmed;
    const end = greedy ? given.length - (segments.length - index - 1) : at + 1;
    if (name) labels[name] = decoded(given.slice(at, end).join("/"));
    at = end;
  }
  return labels;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
