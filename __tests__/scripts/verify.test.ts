import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { allChecks } from "../../scripts/verify/all-checks";
import type { Check } from "../../scripts/verify/check";
import type { Deployment } from "../../scripts/verify/deployment";
import { reaches } from "../../scripts/verify/outputs";
import { publicStatements, requiresTls } from "../../scripts/verify/policies";
import { runChecks } from "../../scripts/verify/run-checks";
import { CheckFailedError, differs, requireNoProblems, UncheckedError } from "../../scripts/verify/verdict";
import { environments } from "../../stacks/environments";
import { serviceStack } from "../support/service-stacks";

describe("npm run verify", () => {
  it("runs the checks of every file that exports any, each with a unique name", () => {
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
    { name: "part/good", run: async () => "all good" },
    { name: "part/bad", run: async () => Promise.reject(new CheckFailedError("it is not")) },
    { name: "part/unknown", run: async () => Promise.reject(new UncheckedError("it cannot be checked")) },
    { name: "part/broken", run: async () => Promise.reject(new TypeError("a defect")) },
    {
      name: "part/forbidden",
      run: async () => Promise.reject(Object.assign(new Error("no"), { name: "AccessDeniedException" })),
    },
    { name: "part/elsewhere", applies: () => false, run: async () => "never" },
    { name: "other/skipped", run: async () => "never" },
  ];

  it("distinguishes what passed, what failed and what could not be checked", async () => {
    const findings = await runChecks(checks, running(), { except: ["other/"], report: () => {} });

    expect(findings).toEqual([
      { check: "part/good", verdict: "passed", detail: "all good" },
      { check: "part/bad", verdict: "failed", detail: "it is not" },
      { check: "part/unknown", verdict: "unchecked", detail: "it cannot be checked" },
      { check: "part/broken", verdict: "failed", detail: "TypeError: a defect" },
      {
        check: "part/forbidden",
        verdict: "unchecked",
        detail: "these credentials lack the permission (AccessDeniedException: no)",
      },
      { check: "other/skipped", verdict: "unchecked", detail: "skipped by --except" },
    ]);
  });

  it("reports what it is waiting for", async () => {
    const reported: string[] = [];
    const slow: Check = {
      name: "part/slow",
      run: async (_, report) => {
        report("3 of at most 60 s");
        return "finally";
      },
    };

    await runChecks([slow], running(), { except: [], report: (detail) => reported.push(detail) });

    expect(reported).toEqual(["waiting for part/slow", "waiting for part/slow (3 of at most 60 s)", ""]);
  });

  function running(): Deployment {
    return { signal: new AbortController().signal } as Deployment;
  }
});

describe("requireNoProblems", () => {
  it("names every difference, whatever the order of properties", () => {
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
    ["everybody", { Effect: "Allow", Principal: "*" }, 1],
    ["every AWS principal", { Effect: "Allow", Principal: { AWS: ["*"] } }, 1],
    ["a role", { Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:role/r" } }, 0],
    ["nobody", { Effect: "Deny", Principal: "*" }, 0],
  ])("recognizes whether a statement allows everybody: %s", (_, statement, count) => {
    expect(publicStatements([statement])).toHaveLength(count);
  });

  it("recognizes by its condition a statement that denies requests without TLS", () => {
    const Condition = { Bool: { "aws:SecureTransport": "false" } };

    expect(requiresTls([{ Effect: "Deny", Principal: "*", Condition }])).toBe(true);
    expect(requiresTls([{ Effect: "Deny", Principal: "*" }])).toBe(false);
  });
});
