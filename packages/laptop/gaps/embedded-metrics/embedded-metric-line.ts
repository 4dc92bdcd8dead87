import type { Dimension, MetricDatum, StandardUnit } from "@aws-sdk/client-cloudwatch";

interface Directive {
  readonly Namespace: string;
  readonly Dimensions?: readonly (readonly string[])[];
  readonly Metrics?: readonly { readonly Name: string; readonly Unit?: StandardUnit }[];
}

type EmbeddedMetrics = Readonly<Record<string, unknown>> & {
  readonly _aws: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] };
};

/** CloudWatch's limit on the values of one metric in a line. */
const maximumValues = 100;

/** The metrics in a log's lines of the embedded metric format, by namespace. Other lines are skipped. */
export function embeddedMetricData(
  log: readonly { readonly message?: string | undefined }[],
): Map<string, MetricDatum[]> {
  const data = new Map<string, MetricDatum[]>();
  for (const { message = "" } of log) {
    const line = parse(message);
    for (const directive of line?._aws.CloudWatchMetrics ?? []) {
      const all = data.get(directive.Namespace) ?? [];
      data.set(directive.Namespace, all);
      if (line) all.push(...directiveData(line, directive));
    }
  }
  return data;
}

function directiveData(line: EmbeddedMetrics, { Dimensions, Metrics = [] }: Directive): MetricDatum[] {
  const Timestamp = new Date(line._aws.Timestamp);
  // If the directive has no dimension sets, its metrics have no dimensions.
  const sets = (Dimensions?.length ? Dimensions : [[]]).flatMap((names) => dimensionsOf(line, names));
  return Metrics.flatMap(({ Name: MetricName, Unit = "None" as const }) => {
    const value = valuesOf(line[MetricName]);
    if (!value) return [];
    return sets.map((set) => ({ MetricName, Dimensions: [...set], Timestamp, Unit, ...value }));
  });
}

/** In Lambda's text log format, a prefix comes before the JSON. */
function parse(message: string): EmbeddedMetrics | undefined {
  try {
    const line = JSON.parse(message.slice(message.indexOf("{")));
    const { Timestamp, CloudWatchMetrics } = line._aws;
    return Number.isFinite(Timestamp) && CloudWatchMetrics.every(isDirective) ? line : undefined;
  } catch {
    return undefined;
  }
}

function isDirective({ Namespace, Dimensions = [[]], Metrics = [] }: Directive): boolean {
  return typeof Namespace === "string" && Array.isArray(Metrics) && Dimensions.every(Array.isArray);
}

/** @returns one set, or none if the line lacks a value of it */
function dimensionsOf(line: EmbeddedMetrics, names: readonly string[]): readonly (readonly Dimension[])[] {
  const set = names.map((Name) => ({ Name, Value: line[Name] }));
  const whole = (dimension: (typeof set)[number]): dimension is { Name: string; Value: string } =>
    typeof dimension.Value === "string" && dimension.Value !== "";
  return set.every(whole) ? [set] : [];
}

function valuesOf(value: unknown): Pick<MetricDatum, "Value" | "Values" | "Counts"> | undefined {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0 || values.length > maximumValues || !values.every(Number.isFinite))
    return undefined;
  if (!Array.isArray(value)) return { Value: values[0] };
  return { Values: values, Counts: values.map(() => 1) };
}
