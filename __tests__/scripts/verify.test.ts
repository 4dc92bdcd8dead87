import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../packages/terminal/user-error";
import { allChecks } from "../../scripts/verify/all-checks";
import type { Check } from "../../scripts/verify/check";
import type { Deployment } from "../../scripts/verify/deployment";
import { reaches } from "../../scripts/verify/outputs";
import { publicStatements, refusesWithoutTls } from "../../scripts/verify/policies";
import { runChecks } from "../../scripts/verify/run-checks";
import { CheckFailedError, differs, requireNoProblems, UncheckedError } from "../../scripts/verify/verdict";
import { environments } from "../../stacks/environments";
import { serviceStack } from "../support/service-stacks";

describe("npm run verify", () => {
  it("runs the checks of every file that has some, each under a name of its own", () => {
    const folder = path.resolve("scripts/verify");
    const lists = readdirSync(folder).flatMap((file) => {
      const source = readFileSync(path.join(folder, file), "utf8");
      return [...source.matchAll(/^export const (\w+Checks): readonly Check\[\]/gm)].map(([, name]) => name);
    });
    const listed = readFileSync(path.join(folder, "all-checks.ts"), "utf8");
    const names = allChecks.map(({ name }) => name);

    expect(lists.filter((name) => !listed.includes(`...${name},`))).toEqual(["allChecks"]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z-]+\/[a-z-]+$/.test(name))).toEqual([]);
  });

  it.each(environments.map(({ name }) => name))("reaches every output of %s", (name) => {
    const stack = serviceStack(name);

    const outputs = Object.keys(stack.section("output")).map((output) =>
      output.slice(`${name}-stack-`.length),
    );

    expect(Object.keys(reaches).sort()).toEqual(outputs.sort());
  });
});

describe("runChecks", () => {
  const checks: readonly Check[] = [
    { name: "part/good", run: async () => "as it should be" },
    { name: "part/bad", run: async () => Promise.reject(new CheckFailedError("it is not")) },
    { name: "part/unknown", run: async () => Promise.reject(new UncheckedError("it cannot be told")) },
    { name: "part/broken", run: async () => Promise.reject(new TypeError("a defect")) },
    {
      name: "part/hidden",
      run: async () => Promise.reject(Object.assign(new Error("no"), { name: "AccessDeniedException" })),
    },
    { name: "part/elsewhere", applies: () => false, run: async () => "never" },
    { name: "other/left", run: async () => "never" },
  ];

  it("tells what passed from what failed and from what could not be checked", async () => {
    const findings = await runChecks(checks, running(), { except: ["other/"], report: () => {} });

    expect(findings).toEqual([
      { check: "part/good", verdict: "passed", detail: "as it should be" },
      { check: "part/bad", verdict: "failed", detail: "it is not" },
      { check: "part/unknown", verdict: "unchecked", detail: "it cannot be told" },
      { check: "part/broken", verdict: "failed", detail: "TypeError: a defect" },
      {
        check: "part/hidden",
        verdict: "unchecked",
        detail: "these credentials may not look (AccessDeniedException: no)",
      },
      { check: "other/left", verdict: "unchecked", detail: "left out by --except" },
    ]);
  });

  it("says what it waits for", async () => {
    const told: string[] = [];
    const slow: Check = {
      name: "part/slow",
      run: async (_, report) => {
        report("3 of at most 60 s");
        return "in the end";
      },
    };

    await runChecks([slow], running(), { except: [], report: (detail) => told.push(detail) });

    expect(told).toEqual(["waiting for part/slow", "waiting for part/slow (3 of at most 60 s)", ""]);
  });

  function running(): Deployment {
    return { signal: new AbortController().signal } as Deployment;
  }
});

describe("requireNoProblems", () => {
  it("names every difference, whatever the order of names is", () => {
    const require = () =>
      requireNoProblems([
        differs("its days", 7, 14),
        differs("its rule", { a: 1, b: 2 }, { b: 2, a: 1 }),
        differs("its key", undefined, "mine"),
        false,
      ]);

    expect(require).toThrow(new CheckFailedError('its days is 7, not 14; its key is missing, not "mine"'));
  });
});

describe("policies", () => {
  it.each([
    ["anybody", { Effect: "Allow", Principal: "*" }, 1],
    ["anybody of AWS", { Effect: "Allow", Principal: { AWS: ["*"] } }, 1],
    ["a role", { Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:role/r" } }, 0],
    ["nobody", { Effect: "Deny", Principal: "*" }, 0],
  ])("tells a statement that admits %s", (_, statement, count) => {
    expect(publicStatements([statement])).toHaveLength(count);
  });

  it("knows a refusal without TLS by its condition", () => {
    const Condition = { Bool: { "aws:SecureTransport": "false" } };

    expect(refusesWithoutTls([{ Effect: "Deny", Principal: "*", Condition }])).toBe(true);
    expect(refusesWithoutTls([{ Effect: "Deny", Principal: "*" }])).toBe(false);
  });
});

describe("UserError", () => {
  it("has commands end with 1, or with what it says", () => {
    expect([new UserError("a").exitCode, new UserError("a", { exitCode: 2 }).exitCode]).toEqual([1, 2]);
  });
});
