import { readFileSync, writeFileSync } from "node:fs";
import { Testing } from "cdktf";
import { allRules } from "../../../constructs/guardrails/rules/all-rules";
import { OrdersStack } from "../../guardrails/orders-stack";

const file = "docs/guardrails.md";

/** Everything in the page that follows from the code, between its headings. */
const parts: readonly { readonly after: string; readonly until: string; readonly text: string }[] = [
  {
    after: "## In a stack of your own",
    until: "`cdktf synth` then says:",
    text: `\`\`\`ts\n${readFileSync("__tests__/guardrails/orders-stack.ts", "utf8")}\`\`\``,
  },
  { after: "`cdktf synth` then says:", until: "## Waivers", text: `\`\`\`\n${ordersMessage()}\n\`\`\`` },
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

  it("say what they demand, why, and how to mend it, each in a sentence", () => {
    const unfinished = allRules.filter(
      ({ demands, why, mend }) => demands.endsWith(".") || !/[.!]$/.test(why) || !/[.…]$/.test(mend),
    );

    expect(unfinished.map(({ id }) => id)).toEqual([]);
  });

  it("mirror ids of checkov, Security Hub, cdk-nag or the serverless lint rules", () => {
    const known =
      /^(CKV2?_AWS_\d+|[A-Z][A-Za-z0-9]+\.\d+|AwsSolutions-[A-Z0-9]+|cfn-lint-serverless [EW]S\d{4})$/;

    expect(allRules.flatMap(({ mirrors }) => mirrors).filter((id) => !known.test(id))).toEqual([]);
  });
});
