import { readFileSync } from "node:fs";
import { environments } from "../../stacks/environments";
import { cellsOf, costPage, type Quantities } from "../support/cost-page";
import { expectGenerated } from "../support/generated";
import type { ResourceType } from "../support/provider-types";
import { serviceStack } from "../support/service-stacks";
import type { SynthesizedStack } from "../support/synthesized-stack";

const file = "docs/cost.md";

/** The tables of the page: the cells of each row, by its first cell. */
const rows = new Map(
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map(cellsOf)
    .map(([what = "", ...cells]) => [what, cells]),
);

describe(file, () => {
  const page = readFileSync(file, "utf8");
  const names = environments.map(({ name }) => name);
  const quantities = quantitiesOf(names.map((name) => serviceStack(name)));

  it("has the quantities of the stacks, with a column for each environment", () => {
    expect([...quantities.keys()].filter((row) => !page.includes(`\n| ${row}`))).toEqual([]);
    expectGenerated(file, costPage(page, names, quantities));
  });

  it.each<[string, readonly string[]]>([
    ["fewer environments", ["dev"]],
    ["more environments", ["dev", "qa", "staging", "demo", "prod"]],
  ])("gets the columns of %s, and its own again", (_, others) => {
    const given = new Map([...quantities].map(([row, [first = 0]]) => [row, others.map(() => first)]));

    const changed = costPage(page, others, given);

    const columns = ["part", "metrics", "---", "alarm metrics", "everything else"].map((first) =>
      cellsOf(changed.split("\n").find((line) => line.startsWith(`| ${first} |`)) ?? ""),
    );
    expect(columns.map(({ length }) => length)).toEqual(columns.map(() => others.length + 2));
    expect(columns[0]?.slice(1, -1)).toEqual(others);
    expect(costPage(changed, names, quantities)).toBe(costPage(page, names, quantities));
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

function quantitiesOf(stacks: readonly SynthesizedStack[]): Quantities {
  const count = (type: ResourceType) => stacks.map((stack) => stack.resources(type).length);
  const own = metricNames();
  return new Map([
    ["alarm metrics", stacks.map(watchedMetrics)],
    ["dashboards", count("aws_cloudwatch_dashboard")],
    ["customer keys", count("aws_kms_key")],
    // Count, 4XXError, 5XXError, Latency and IntegrationLatency.
    ["the API's methods", count("aws_api_gateway_method").map((methods) => 5 * methods)],
    // Each function has ColdStart as well.
    ["the functions", count("aws_lambda_function").map((functions) => own + functions)],
  ]);
}

/** How many metrics a stack's alarms watch. */
function watchedMetrics(stack: SynthesizedStack): number {
  const alarms = stack.resources("aws_cloudwatch_metric_alarm");
  const metrics = alarms.map(({ attributes: { metric_query } }) =>
    Array.isArray(metric_query)
      ? metric_query.filter((query) => (query as { readonly metric?: object }).metric).length
      : 1,
  );
  return metrics.reduce((sum, watched) => sum + watched, 0);
}

/** How many metrics the functions' code can write. */
function metricNames(): number {
  const source = readFileSync("lambda-src/runtime/metric-names.ts", "utf8");
  const [, names = ""] = /type CountName =([^;]*);/.exec(source) ?? [];
  const [, durations = ""] = /type DurationName =([^;]*);/.exec(source) ?? [];
  return `${names}${durations}`.match(/"\w+"/g)?.length ?? 0;
}
