import { readFileSync } from "node:fs";
import { environments } from "../../stacks/environments";
import type { ResourceType } from "../support/provider-types";
import { serviceStack } from "../support/service-stacks";

/** The tables of the page: the cells of each row, by its first cell. */
const rows = new Map(
  readFileSync("docs/cost.md", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.slice(1, -1).split("|"))
    .map(([what = "", ...cells]) => [what.trim(), cells.map((cell) => cell.trim())]),
);

/** The quantities in the row that starts with this text, one per environment. */
const quantities = (beginning: string): number[] => {
  const [, cells = []] = [...rows].find(([what]) => what.startsWith(beginning)) ?? [];
  return cells.slice(0, environments.length).map(Number);
};

describe("docs/cost.md", () => {
  const stacks = environments.map(({ name }) => serviceStack(name));
  const count = (type: ResourceType) => stacks.map((stack) => stack.resources(type).length);

  it("has a column for each environment", () => {
    expect(rows.get("part")?.slice(0, -1)).toEqual(environments.map(({ name }) => name));
  });

  it("counts the metrics that alarms watch", () => {
    const metricsOf = (queries: readonly { readonly metric?: object }[] = [{ metric: {} }]) =>
      queries.filter(({ metric }) => metric).length;
    const watched = stacks.map((stack) =>
      stack
        .resources("aws_cloudwatch_metric_alarm")
        .map(({ attributes }) => metricsOf(attributes.metric_query as never))
        .reduce((sum, metrics) => sum + metrics, 0),
    );

    expect(quantities("alarm metrics")).toEqual(watched);
  });

  it("counts dashboards and keys", () => {
    expect(quantities("dashboards")).toEqual(count("aws_cloudwatch_dashboard"));
    expect(quantities("customer keys")).toEqual(count("aws_kms_key"));
  });

  it("counts the metrics of the API and of its functions", () => {
    const source = readFileSync("lambda-src/runtime/metric-names.ts", "utf8");
    const [, names = ""] = /type CountName =([^;]*);/.exec(source) ?? [];
    const [, durations = ""] = /type DurationName =([^;]*);/.exec(source) ?? [];
    const own = `${names}${durations}`.match(/"\w+"/g)?.length ?? 0;

    // Count, 4XXError, 5XXError, Latency and IntegrationLatency.
    expect(quantities("the API's methods")).toEqual(count("aws_api_gateway_method").map((n) => 5 * n));
    // Each function has ColdStart on top.
    expect(quantities("the functions")).toEqual(count("aws_lambda_function").map((n) => own + n));
  });

  it("adds up", () => {
    const dollars = (cells: readonly string[]) => cells.map((cell) => Number(cell.replace("$", "")));
    const perMillion = [...rows].filter(([what]) =>
      /^(?:API Gateway|Lambda|DynamoDB|EventBridge)/.test(what),
    );

    const sums = [0, 1, 2, 3].map((column) =>
      perMillion.reduce((sum, [, cells]) => sum + (dollars(cells)[column] ?? Number.NaN), 0),
    );

    expect(perMillion).toHaveLength(5);
    expect(dollars(rows.get("total") ?? [])).toEqual(sums.map((sum) => Number(sum.toFixed(2))));
  });
});
