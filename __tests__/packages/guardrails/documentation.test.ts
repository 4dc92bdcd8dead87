import { readFileSync } from "node:fs";
import { Testing } from "cdktf";
import { allRules } from "../../../packages/guardrails/rules/all-rules";
import { expectGenerated } from "../../support/generated";
import { notMirrored } from "./not-mirrored";
import { OrdersStack } from "./orders-stack";
import otherCheckers from "./other-checkers.json";

const file = "docs/guardrails.md";

/** Titles of other checkers' rules about these resource types, by id. */
const titles: ReadonlyMap<string, string> = new Map(
  Object.values<Readonly<Record<string, string>>>(otherCheckers).flatMap((rules) => Object.entries(rules)),
);

/** The generated parts of the page, each between two of its headings. */
const parts: readonly { readonly after: string; readonly until: string; readonly text: string }[] = [
  {
    after: "## Use it in any stack",
    until: "`cdktf synth` then prints:",
    text: `\`\`\`ts\n${readFileSync("__tests__/packages/guardrails/orders-stack.ts", "utf8")}\`\`\``,
  },
  {
    after: "`cdktf synth` then prints:",
    until: "## Suppressions",
    text: `\`\`\`\n${ordersMessage()}\n\`\`\``,
  },
  { after: "## Rules of other checkers that are not here", until: "## Every rule", text: notMirroredTable() },
  { after: "## Every rule", until: "", text: ruleTables() },
];

function ordersMessage(): string {
  try {
    Testing.synth(new OrdersStack(Testing.app(), "orders-stack"));
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "no error";
}

function notMirroredTable(): string {
  const sources = Object.keys(otherCheckers);
  const rows = notMirrored.map(
    ({ ids, why }) => `| ${ids.join(", ")} | ${titles.get(ids[0] ?? "")?.replaceAll("|", "\\|")} | ${why} |`,
  );
  return [
    `Other checkers' rules about the resource types in these stacks. Sources: ${sources.join("; ")}.`,
    "",
    "| other checkers' ids | title of the first | why it is not a rule here |",
    "|---|---|---|",
    ...rows,
  ].join("\n");
}

function ruleTables(): string {
  const groups = [...new Set(allRules.map(({ group }) => group))];
  return groups
    .map((group) => {
      const rows = allRules
        .filter((rule) => rule.group === group)
        .map(
          ({ id, demands, mirrors }) =>
            `| \`${id}\` | ${demands.replaceAll("|", "\\|")} | ${mirrors.join(", ")} |`,
        );
      return [`### ${group}`, "", "| rule | demands | other checkers' ids |", "|---|---|---|", ...rows].join(
        "\n",
      );
    })
    .join("\n\n");
}

/** The page with its generated parts replaced. `npm run update` writes it. */
function pageFromCode(page: string): string {
  return parts.reduce((text, { after, until, text: part }) => {
    const start = text.indexOf(after);
    const end = until ? text.indexOf(until) : text.length;
    if (start < 0 || end < start) throw new Error(`${file} has no heading ${start < 0 ? after : until}`);
    return `${text.slice(0, start + after.length)}\n\n${part}\n${until ? `\n${text.slice(end)}` : ""}`;
  }, page);
}

describe("docs/guardrails.md", () => {
  it("shows the example stack, its message and every rule", () => {
    expectGenerated(file, pageFromCode(readFileSync(file, "utf8")));
  });
});

describe("the rules", () => {
  it("have unique ids that start with their group", () => {
    const ids = allRules.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    expect(allRules.filter(({ id, group }) => !id.startsWith(`${group}-`))).toEqual([]);
  });

  it("describe what they demand, why, and how to fix it, each in complete sentences", () => {
    const unfinished = allRules.filter(
      ({ demands, why, fix }) => demands.endsWith(".") || !/[.!]$/.test(why) || !/[.…]$/.test(fix),
    );

    expect(unfinished.map(({ id }) => id)).toEqual([]);
  });

  it("mirror existing rules of other checkers, and every rule that is not mirrored has a reason", () => {
    const mirrored = allRules.flatMap(({ mirrors }) => mirrors);
    const skipped = notMirrored.flatMap(({ ids }) => ids);

    expect(mirrored.filter((id) => !titles.has(id))).toEqual([]);
    expect(skipped.filter((id) => mirrored.includes(id))).toEqual([]);
    expect([...new Set([...mirrored, ...skipped])].sort()).toEqual([...titles.keys()].sort());
    expect(new Set(skipped).size).toBe(skipped.length);
  });

  it("are named correctly in those reasons", () => {
    const groups = [...new Set(allRules.map(({ group }) => group))].join("|");
    const named = notMirrored.flatMap(
      ({ why }) => why.match(new RegExp(`\\b(${groups})(-[a-z0-9]+)+`, "g")) ?? [],
    );

    expect(named).not.toEqual([]);
    expect(named.filter((name) => !allRules.some(({ id }) => id === name))).toEqual([]);
    expect(notMirrored.filter(({ why }) => !why.endsWith("."))).toEqual([]);
  });
});
