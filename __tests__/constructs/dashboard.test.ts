import { metricProblem, observedStack as stack } from "../support/observed-stack";

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly region?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
  };
}

const { widgets } = stack.only("aws_cloudwatch_dashboard").parsed("dashboard_body") as {
  readonly widgets: readonly Widget[];
};
const graphs = widgets.filter(({ type }) => type === "metric");

describe("Dashboard", () => {
  it("reads from top to bottom: alarms, the four golden signals, each part, business metrics", () => {
    const titles = widgets.map(({ properties }) => properties.title ?? properties.markdown ?? "");

    expect(titles[0]).toBe("Alarms");
    expect(titles.filter((title) => title.startsWith("## "))).toEqual([
      "## Golden signals: latency, traffic, errors, saturation",
      "## API",
      "## Functions",
      "## Table, stream, dead letters and delivery",
      "## Business",
    ]);
    expect(titles.slice(3, 7).map((title) => title.split(":")[0])).toEqual([
      "Latency",
      "Traffic",
      "Errors",
      "Saturation",
    ]);
    expect(titles.at(-8)).toBe("ItemCreated");
    expect(titles.at(-1)).toBe("ColdStart");
  });

  it("shows every alarm", () => {
    const arns = stack.resources("aws_cloudwatch_metric_alarm").map((alarm) => alarm.ref("arn"));

    expect(new Set(widgets[0]?.properties.alarms)).toEqual(new Set(arns));
  });

  it("shows only metrics that exist, from this stack and Region", () => {
    const metrics = graphs.flatMap(({ properties }) => properties.metrics ?? []).map(parse);

    expect(metrics.length).toBeGreaterThan(30);
    expect(metrics.map(metricProblem).filter(Boolean)).toEqual([]);
    expect(new Set(graphs.map(({ properties }) => properties.region))).toEqual(new Set(["eu-west-1"]));
  });

  it("keeps every widget within the 24 columns, without overlaps", () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_, cell) => `${x + (cell % width)},${y + Math.floor(cell / width)}`,
      ),
    );

    expect(widgets.filter(({ x, width }) => x < 0 || x + width > 24)).toEqual([]);
    expect(new Set(cells).size).toBe(cells.length);
  });
});

/** `[namespace, metric, dimension, value, …, options]` */
function parse(line: readonly unknown[]) {
  const [namespace, metricName, ...rest] = line.filter((part) => typeof part === "string") as string[];
  const pairs = Array.from({ length: rest.length / 2 }, (_, index) => rest.slice(index * 2, index * 2 + 2));
  return { namespace: `${namespace}`, metricName: `${metricName}`, dimensions: Object.fromEntries(pairs) };
}
