import { readFileSync } from "node:fs";
import { environments } from "../../stacks/environments";
import { expectGenerated } from "../support/generated";
import type { ResourceType } from "../support/provider-types";
import { serviceStack } from "../support/service-stacks";
import type { SynthesizedStack } from "../support/synthesized-stack";

const file = "docs/cost.md";

/** The quantities of a row, one per environment, by how the row's first cell begins. */
type Quantities = ReadonlyMap<string, readonly number[]>;

const cellsOf = (line: string) =>
  line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());

/** The tables of the page: the cells of each row, by its first cell. */
const rows = new Map(
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map(cellsOf)
    .map(([what = "", ...cells]) => [what, cells]),
);

describe(file, () => {
  it("has the quantities of the stacks, with a column for each environment", () => {
    const quantities = quantitiesOf(environments.map(({ name }) => serviceStack(name)));
    const page = readFileSync(file, "utf8");

    expect([...quantities.keys()].filter((row) => !page.includes(`\n| ${row}`))).toEqual([]);
    expectGenerated(file, withMonthlyCosts(withQuantities(page, quantities), quantities));
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

/** The page with a column for each environment in the tables that have one now. */
function withQuantities(page: string, quantities: Quantities): string {
  const names = environments.map(({ name }) => name);
  let columns = 0;
  const row = (line: string): string => {
    const [what = "", ...cells] = cellsOf(line);
    const columnsHere = columns;
    if (what === "part" || what === "metrics") columns = cells.length - 1;
    const written = (values: readonly (string | number)[]) =>
      `| ${[what, ...values, ...cells.slice(columnsHere || columns)].join(" | ")} |`;
    if (what === "part" || what === "metrics") return written(names);
    if (what === "---") return written(names.map(() => "--:"));
    const [, counts] = [...quantities].find(([beginning]) => what.startsWith(beginning)) ?? [];
    return counts ? written(counts) : line.replace(/\| (?=\| )/, `| ${"| ".repeat(names.length - columns)}`);
  };
  return page
    .split("\n")
    .map((line) => {
      if (!line.startsWith("|")) columns = 0;
      return line.startsWith("|") && (columns > 0 || /^\| (?:part|metrics) \|/.test(line)) ? row(line) : line;
    })
    .join("\n");
}

/** The sentences below the tables, with the sums of the columns of the first environment and the last one. */
function withMonthlyCosts(page: string, quantities: Quantities): string {
  const last = environments.length - 1;
  const sum = (prices: Readonly<Record<string, number>>, column: number) => {
    const costs = Object.entries(prices).map(([row, price]) => price * (quantities.get(row)?.[column] ?? 0));
    return `$${costs.reduce((total, cost) => total + cost, 0).toFixed(2)}`;
  };
  const idle = { "alarm metrics": 0.1, "customer keys": 1 };
  const custom = { "the API's methods": 0.3, "the functions": 0.3 };
  return page
    .replace(
      /So \S+ costs \S+ and \S+ \S+ per month/,
      `So ${environments[0]?.name} costs ${sum(idle, 0)} and ${environments[last]?.name} ${sum(idle, last)} per month`,
    )
    .replace(/They then cost \S+/, `They then cost ${sum(custom, 0)}`);
}
