import { referencesIn } from "./expression";
import { metricNamespaces } from "./metrics";
import { mayBeText } from "./partly-known";
import { asRecord, asRecords, type Resource, type StackView } from "./stack-view";

/** A metric that an alarm or a dashboard refers to, as far as it is known. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** Dimension values as written, by dimension name. */
  readonly dimensions: Readonly<Record<string, unknown>>;
}

/** The metrics of an alarm: its own metric and those in its metric queries. */
export function metricsOf(alarm: Resource): readonly Metric[] {
  const queries = asRecords(alarm.raw("metric_query")).map(({ metric }) => asRecords(metric)[0]);
  return [alarm.written(), ...queries].flatMap((one) =>
    one?.metric_name === undefined
      ? []
      : [metric(alarm.stack, one.namespace, one.metric_name, dimensionsOf(one.dimensions))],
  );
}

/** Stands for dimensions of which only Terraform knows the names. */
export const unknownDimensions: Metric["dimensions"] = {};

function dimensionsOf(written: unknown): Metric["dimensions"] | undefined {
  return typeof written === "string" ? unknownDimensions : asRecord(written);
}

/** Whether a metric is one of some names in a namespace, or may be. */
export function isMetric(one: Metric, namespace: string, names: RegExp): boolean {
  const unknown = (text: string) => text.includes("${");
  return (
    (one.namespace === namespace || unknown(one.namespace)) && (names.test(one.name) || unknown(one.name))
  );
}

export function metric(
  stack: StackView,
  namespace: unknown,
  name: unknown,
  dimensions: Metric["dimensions"] = {},
): Metric {
  return { namespace: `${stack.evaluate(namespace)}`, name: `${stack.evaluate(name)}`, dimensions };
}

/** What is wrong with one of AWS's own metrics. Unknown namespaces pass. */
export function wrongMetric({ namespace, name, dimensions }: Metric): string | undefined {
  const known = metricNamespaces[namespace];
  if (!known)
    return namespace.startsWith("AWS/") && misspelt(namespace)
      ? `namespace ${namespace} does not exist`
      : undefined;
  if ([namespace, name].some((one) => one.includes("${")) || dimensions === unknownDimensions)
    return undefined;
  if (!known.metrics.test(name)) return `${namespace} has no metric ${name}`;
  const given = Object.keys(dimensions);
  const possible = [...known.dimensions, ...known.furtherDimensions];
  const unknown = given.filter((dimension) => !possible.includes(dimension));
  if (unknown.length > 0) return `${namespace} has no dimension ${unknown.join(", ")}`;
  const missing = known.dimensions.filter((dimension) => !given.includes(dimension));
  return missing.length > 0 ? `${name} lacks the dimension ${missing.join(", ")}` : undefined;
}

/** Whether a namespace differs from a known one only in case, such as AWS/lambda. */
export function misspelt(namespace: string): boolean {
  const names = Object.keys(metricNamespaces).map((name) => name.toLowerCase());
  return names.includes(namespace.toLowerCase());
}

/** A dimension whose value matches no resource of the stack, although the stack has resources of that type. */
export function strayDimension(stack: StackView, { namespace, dimensions }: Metric): string | undefined {
  const names = metricNamespaces[namespace]?.names;
  const value = names && stack.evaluate(dimensions[names.dimension]);
  const made = names ? stack.all(names.type) : [];
  if (typeof value !== "string" || made.length === 0) return undefined;
  if (value.includes("${")) {
    // The value must be the name, not another attribute such as the ARN or the id.
    const written = dimensions[names?.dimension ?? ""];
    const led = stack.follow(written, names?.type ?? "");
    const [reference] = referencesIn(value);
    const named = reference && "attribute" in reference && reference.attribute === names?.attribute;
    return led && !named && led.value(names?.attribute ?? "") !== value
      ? `${names?.dimension} is ${value}, which is not a name`
      : undefined;
  }
  const known = made.map((one) => one.value(names?.attribute ?? "name"));
  return known.includes(value) || known.some((name) => mayBeText(name, value))
    ? undefined
    : `${names?.dimension} is ${value}, which the stack does not create`;
}
