import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ProjectCopy } from "./support/project-copy";

const parts = ["main.ts", "stacks", "constructs", "lambda-src", "scripts", "packages"];

/** A file, a line added to it, and the rule that this breaks. */
type Planted = readonly [rule: string, file: string, line: string];

const planted: readonly Planted[] = [
  ["no-cycle", "constructs/cycle-a.ts", 'import { b } from "./cycle-b"; export const a = () => b;'],
  ["no-cycle", "constructs/cycle-b.ts", 'import { a } from "./cycle-a"; export const b = () => a;'],
  [
    "no-cycle",
    "packages/laptop/gaps/x-ray/type-a.ts",
    'import type { B } from "./type-b"; export type A = B | 1;',
  ],
  [
    "no-cycle",
    "packages/laptop/gaps/x-ray/type-b.ts",
    'import type { C } from "./type-c"; export type B = C | 2;',
  ],
  ["no-cycle", "packages/laptop/gaps/x-ray/type-c.ts", 'export type { A as C } from "./type-a";'],
  ["no-cycle", "scripts/verify/lazy-a.ts", 'export const load = () => import("./lazy-b");'],
  ["no-cycle", "scripts/verify/lazy-b.ts", 'export * from "./lazy-a";'],
  ["main.ts-imports", "main.ts", 'import "./constructs/naming";'],
  [
    "stacks-imports",
    "stacks/outputs.ts",
    'import type { Telemetry } from "../lambda-src/runtime/telemetry";',
  ],
  ["stacks-imports", "stacks/connect.ts", 'import "../packages/laptop/folders";'],
  [
    "constructs-imports",
    "constructs/naming.ts",
    'import type { Environment } from "../stacks/environments";',
  ],
  ["constructs-imports", "constructs/arn.ts", 'export { operations } from "../lambda-src/api/operations";'],
  ["lambda-src-imports", "lambda-src/items/item.ts", 'import { namingOf } from "../../constructs/naming";'],
  ["scripts-imports", "scripts/outputs.ts", 'import "../__tests__/support/zip";'],
  ["scripts-imports", "scripts/state.ts", 'import { Telemetry } from "../lambda-src/runtime/telemetry";'],
  ["scripts-imports", "scripts/local.ts", 'import "../constructs/naming";'],
  ["packages/guardrails-imports", "packages/guardrails/rule.ts", 'import "../laptop/folders";'],
  [
    "packages/guardrails-imports",
    "packages/guardrails/policy.ts",
    'const n = require("../../constructs/naming");',
  ],
  ["packages/laptop-imports", "packages/laptop/folders.ts", 'import "../../stacks/environments";'],
  ["packages/alarms-imports", "packages/alarms/sample.ts", 'import "../terminal/user-error";'],
  ["packages/terminal-imports", "packages/terminal/table.ts", 'import "../laptop/folders";'],
  ["no-handler", "stacks/check-environments.ts", 'import { handler } from "../lambda-src/api/index";'],
  ["no-handler", "lambda-src/api/operation.ts", 'export { createItem } from "./create-item";'],
  ["declarations-only", "lambda-src/stream/stream-filter.ts", 'export { EventBus } from "./event-bus";'],
  [
    "declarations-only",
    "lambda-src/api/problems.ts",
    'export type { Condition } from "../items/table-call";',
  ],
  [
    "declarations-only",
    "lambda-src/runtime/metric-names.ts",
    'import { Logger } from "@aws-lambda-powertools/logger";',
  ],
  ["packages-imports", "packages/new/tool.ts", 'import "../../stacks/environments";'],
  ["packages-imports", "packages/newer.ts", 'import "./laptop/folders";'],
  ["unknown-folder", "tools/new.ts", 'import "../stacks/environments";'],
  ["resolved", "scripts/verify.ts", 'import "./verify/nowhere";'],
];

describe("the import directions", () => {
  const copy = new ProjectCopy().linkDependencies();

  afterAll(() => copy.remove());

  it("hold in this project", () => {
    expect(violations()).toEqual([]);
  });

  it("are broken by each import that points the wrong way, in whatever form", () => {
    for (const [, file, line] of planted) {
      const target = path.join(copy.folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      appendFileSync(target, `\n${line}\n`);
    }

    const found = violations();

    const missed = planted.filter(
      ([rule, file]) => !found.some((violation) => violation.rule === rule && violation.files.includes(file)),
    );
    expect(missed).toEqual([]);
  });

  it("allow what the table in docs/architecture.md allows", () => {
    const allowed = new ProjectCopy().linkDependencies();
    const lines = {
      "stacks/connect.ts":
        'import { operations } from "../lambda-src/api/operations"; export { operations };',
      "constructs/naming.ts": 'export type { Rule } from "../packages/guardrails/rule";',
      "scripts/outputs.ts": 'import "../packages/guardrails/rule";',
      "packages/laptop/folders.ts": 'import type { Sample } from "../alarms/sample"; export type { Sample };',
      "packages/guardrails/rule.ts":
        'import type { UserError } from "../terminal/user-error"; export type { UserError };',
      "lambda-src/stream/index.ts": 'import "../items/item";',
    };
    for (const [file, line] of Object.entries(lines))
      appendFileSync(path.join(allowed.folder, file), `\n${line}\n`);

    const found = violations(allowed.folder);
    allowed.remove();

    expect(found).toEqual([]);
  });

  it("can see every import: none is written as a type or an expression", () => {
    const sources = parts.flatMap((part) =>
      part.endsWith(".ts")
        ? [part]
        : readdirSync(part, { recursive: true }).map((file) => path.join(part, `${file}`)),
    );
    const hidden = sources
      .filter((file) => file.endsWith(".ts"))
      .filter((file) => /\b(?:import|require)\(\s*["'`]\.{1,2}\//.test(readFileSync(file, "utf8")));

    expect(sources.length).toBeGreaterThan(300);
    expect(hidden).toEqual([]);
  });

  /** One for each rule and import: the file that has it or, of a cycle, every file. */
  function violations(
    cwd = copy.folder,
  ): readonly { readonly rule: string; readonly files: readonly string[] }[] {
    const { stdout } = spawnSync(
      path.resolve("node_modules/.bin/depcruise"),
      ["--config", ".dependency-cruiser.cjs", "--output-type", "json", "."],
      { cwd, encoding: "utf8", maxBuffer: 100_000_000 },
    );
    const { summary }: { readonly summary: { readonly violations: readonly Violation[] } } =
      JSON.parse(stdout);
    return summary.violations.map(({ rule, from, cycle = [], via = [] }) => ({
      rule: rule.name,
      files: [from, ...[...cycle, ...via].map(({ name }) => name)],
    }));
  }
});

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly cycle?: readonly { readonly name: string }[];
  /** The files between the two, if the rule is about what can be reached. */
  readonly via?: readonly { readonly name: string }[];
}
