import type { Dimension, MetricDatum, StandardUnit } from "@aws-sdk/client-cloudwatch";

interface Directive {
  readonly Namespace: string;
  readonly Dimensions?: readonly (readonly string[])[];
  readonly Metrics?: readonly { readonly Name: string; readonly Unit?: StandardUnit }[];
}

type EmbeddedMetrics = Readonly<Record<string, unknown>> & {
  readonly _aws: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] };
};

/** What CloudWatch keeps of one value that stands for several. */
const valuesOfOneMetric = 100;

/** The metrics, by their namespace, in those of the log's lines that are of the embedded metric format. */
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
  // Without any set, a metric has no dimensions.
  const sets = (Dimensions?.length ? Dimensions : [[]]).flatMap((names) => dimensionsOf(line, names));
  return Metrics.flatMap(({ Name: MetricName, Unit = "None" as const }) => {
    const value = valuesOf(line[MetricName]);
    if (!value) return [];
    return sets.map((set) => ({ MetricName, Dimensions: [...set], Timestamp, Unit, ...value }));
  });
}

/** A line may begin with what Lambda's text format sets before it. */
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

/** @returns one set, or none where the line lacks one of its values */
function dimensionsOf(line: EmbeddedMetrics, names: readonly string[]): readonly (readonly Dimension[])[] {
  const set = names.map((Name) => ({ Name, Value: line[Name] }));
  const whole = (dimension: (typeof set)[number]): dimension is { Name: string; Value: string } =>
    typeof dimension.Value === "string" && dimension.Value !== "";
  return set.every(whole) ? [set] : [];
}

function valuesOf(value: unknown): Pick<MetricDatum, "Value" | "Values" | "Counts"> | undefined {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0 || values.length > valuesOfOneMetric || !values.every(Number.isFinite))
    return undefined;
  if (!Array.isArray(value)) return { Value: values[0] };
  return { Values: values, Counts: values.map(() => 1) };
}
