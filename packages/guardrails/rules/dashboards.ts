import { each, type Rule } from "../rule";
import { asRecord, asRecords, type Resource } from "../stack-view";
import { type Metric, metric, strayDimension, wrongMetric } from "../watched-metric";

/** The metrics of a dashboard's graphs: `[namespace, metric, dimension, value, …, options]`. `.` repeats the entry above. */
function dashboardMetrics(dashboard: Resource): readonly Metric[] {
  const widgets = asRecords(asRecord(dashboard.json("dashboard_body"))?.widgets);
  return widgets.flatMap((widget) => {
    const lines = asRecord(widget.properties)?.metrics;
    let above: readonly unknown[] = [];
    return (Array.isArray(lines) ? lines : []).flatMap((line: unknown) => {
      if (!Array.isArray(line)) return [];
      const full = line.map((entry: unknown, index) => (entry === "." ? above[index] : entry));
      above = full;
      const texts = full.filter((entry) => typeof entry === "string");
      if (texts.length < 2 || texts.includes("...")) return [];
      const pairs = texts.slice(2);
      const dimensions = pairs.flatMap((name, index) =>
        index % 2 === 0 ? [[`${name}`, pairs[index + 1]]] : [],
      );
      return [metric(dashboard.stack, texts[0], texts[1], Object.fromEntries(dimensions))];
    });
  });
}

export const dashboardRules: readonly Rule[] = [
  {
    id: "alarms-dashboard-valid",
    group: "alarms",
    demands: "A dashboard's body is JSON with widgets",
    why: "AWS rejects the dashboard at apply, or shows an empty page.",
    fix: "Write it with JSON.stringify({ widgets: […] }).",
    mirrors: [],
    check: each("aws_cloudwatch_dashboard", (dashboard) => {
      const body = asRecord(dashboard.json("dashboard_body"));
      if (!body) return !dashboard.isUnknown("dashboard_body") && "dashboard_body is not a JSON object";
      return asRecords(body.widgets).filter(({ type }) => type).length === 0 && "it has no widgets";
    }),
  },
  {
    id: "alarms-dashboard-metrics",
    group: "alarms",
    demands: "A dashboard shows metrics that AWS publishes, for resources of the stack",
    why: "Otherwise the graph is empty when you need it.",
    fix: "Correct the namespace, metric or dimension, and reference the resources' names.",
    mirrors: [],
    check: each("aws_cloudwatch_dashboard", (dashboard) =>
      dashboardMetrics(dashboard).flatMap(
        (one) => wrongMetric(one) ?? strayDimension(dashboard.stack, one) ?? [],
      ),
    ),
  },
];
