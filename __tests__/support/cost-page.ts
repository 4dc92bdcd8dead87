/** The quantities of a row, one per environment, by how the row's first cell begins. */
export type Quantities = ReadonlyMap<string, readonly number[]>;

/** A row of a table in Markdown. */
export function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}

/** docs/cost.md with these quantities, and with a column for each environment in the tables that have such columns. */
export function costPage(page: string, environments: readonly string[], quantities: Quantities): string {
  const tables = page.replace(/^\| (?:part|metrics) \|.*\n(?:\|.*\n)*/gm, (table) => {
    const lines = table.trimEnd().split("\n");
    const columns = cellsOf(lines[0] ?? "").length - 2;
    return `${lines.map((line) => row(cellsOf(line), columns, environments, quantities)).join("\n")}\n`;
  });
  return withMonthlyCosts(tables, environments, quantities);
}

/** @param columns how many environments the row has now */
function row(
  [first = "", ...cells]: readonly string[],
  columns: number,
  environments: readonly string[],
  quantities: Quantities,
): string {
  const [, counts] = [...quantities].find(([beginning]) => first.startsWith(beginning)) ?? [];
  const others: Readonly<Record<string, readonly string[]>> = {
    part: environments,
    metrics: environments,
    "---": environments.map(() => "--:"),
  };
  const values = counts ?? others[first] ?? environments.map(() => "");
  return `| ${[first, ...values, ...cells.slice(columns)].join(" | ")} |`.replaceAll(/ {2,}/g, " ");
}

/** The sentences below the tables, with the sums of the columns of the first environment and the last one. */
function withMonthlyCosts(page: string, environments: readonly string[], quantities: Quantities): string {
  const last = environments.length - 1;
  const sum = (prices: Readonly<Record<string, number>>, column: number) => {
    const costs = Object.entries(prices).map(
      ([name, price]) => price * (quantities.get(name)?.[column] ?? 0),
    );
    return `$${costs.reduce((total, cost) => total + cost, 0).toFixed(2)}`;
  };
  const idle = { "alarm metrics": 0.1, "customer keys": 1 };
  const custom = { "the API's methods": 0.3, "the functions": 0.3 };
  return page
    .replace(
      /So \S+ costs \S+ and \S+ \S+ per month/,
      `So ${environments[0]} costs ${sum(idle, 0)} and ${environments[last]} ${sum(idle, last)} per month`,
    )
    .replace(/They then cost \S+/, `They then cost ${sum(custom, 0)}`);
}
