import { readFileSync, writeFileSync } from "node:fs";
import { Testing } from "cdktf";
import { allRules } from "../../../packages/guardrails/rules/all-rules";
import { notMirrored } from "./not-mirrored";
import { OrdersStack } from "./orders-stack";
import otherCheckers from "./other-checkers.json";

const file = "docs/guardrails.md";

/** Every rule of another checker that is about these resource types, by its id. */
const titles: ReadonlyMap<string, string> = new Map(
  Object.values<Readonly<Record<string, string>>>(otherCheckers).flatMap((rules) => Object.entries(rules)),
);

/** Everything in the page that follows from the code, between its headings. */
const parts: readonly { readonly after: string; readonly until: string; readonly text: string }[] = [
  {
    after: "## In a stack of your own",
    until: "`cdktf synth` then says:",
    text: `\`\`\`ts\n${readFileSync("__tests__/packages/guardrails/orders-stack.ts", "utf8")}\`\`\``,
  },
  { after: "`cdktf synth` then says:", until: "## Suppressions", text: `\`\`\`\n${ordersMessage()}\n\`\`\`` },
  { after: "## What no rule asks for", until: "## Every rule", text: passedOverTable() },
  { after: "## Every rule", until: "", text: ruleTables() },
];

function ordersMessage(): string {
  try {
    Testing.synth(new OrdersStack(Testing.app(), "orders-stack"));
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "nothing";
}

function passedOverTable(): string {
  const sources = Object.keys(otherCheckers);
  const rows = notMirrored.map(
    ({ ids, why }) => `| ${ids.join(", ")} | ${titles.get(ids[0] ?? "")?.replaceAll("|", "\\|")} | ${why} |`,
  );
  return [
    `Rules of other checkers about the resource types of these stacks, by ${sources.slice(0, -1).join("; ")}; and ${sources.at(-1)}:`,
    "",
    "| as in | asks (the first of them) | why not here |",
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
      return [`### ${group}`, "", "| rule | demands | as in |", "|---|---|---|", ...rows].join("\n");
    })
    .join("\n\n");
}

/** With UPDATE_DOCS=1 the page is written anew. */
function pageFromCode(page: string): string {
  return parts.reduce((text, { after, until, text: part }) => {
    const start = text.indexOf(after);
    const end = until ? text.indexOf(until) : text.length;
    if (start < 0 || end < start) throw new Error(`${file} has no ${start < 0 ? after : until}`);
    return `${text.slice(0, start + after.length)}\n\n${part}\n${until ? `\n${text.slice(end)}` : ""}`;
  }, page);
}

describe("docs/guardrails.md", () => {
  it("shows the stranger's stack of the tests, what it says, and every rule", () => {
    const page = readFileSync(file, "utf8");

    const expected = pageFromCode(page);
    if (process.env.UPDATE_DOCS) writeFileSync(file, expected);

    expect(process.env.UPDATE_DOCS ? expected : page).toBe(expected);
  });
});

describe("the rules", () => {
  it("have ids of their own, that begin with their group", () => {
    const ids = allRules.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    expect(allRules.filter(({ id, group }) => !id.startsWith(`${group}-`))).toEqual([]);
  });

  it("say what they demand, why, and how to fix it, each in a sentence", () => {
    const unfinished = allRules.filter(
      ({ demands, why, fix }) => demands.endsWith(".") || !/[.!]$/.test(why) || !/[.…]$/.test(fix),
    );

    expect(unfinished.map(({ id }) => id)).toEqual([]);
  });

  it("mirror what other checkers really have, and what they do not mirror has a reason", () => {
    const mirrored = allRules.flatMap(({ mirrors }) => mirrors);
    const passedOver = notMirrored.flatMap(({ ids }) => ids);

    expect(mirrored.filter((id) => !titles.has(id))).toEqual([]);
    expect(passedOver.filter((id) => mirrored.includes(id))).toEqual([]);
    expect([...new Set([...mirrored, ...passedOver])].sort()).toEqual([...titles.keys()].sort());
    expect(new Set(passedOver).size).toBe(passedOver.length);
  });

  it("are named as they are where they are the reason", () => {
    const groups = [...new Set(allRules.map(({ group }) => group))].join("|");
    const named = notMirrored.flatMap(
      ({ why }) => why.match(new RegExp(`\\b(${groups})(-[a-z0-9]+)+`, "g")) ?? [],
    );

    expect(named).not.toEqual([]);
    expect(named.filter((name) => !allRules.some(({ id }) => id === name))).toEqual([]);
    expect(notMirrored.filter(({ why }) => !why.endsWith("."))).toEqual([]);
  });
});
