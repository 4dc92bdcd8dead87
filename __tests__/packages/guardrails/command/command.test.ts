import { allRules } from "../../../../packages/guardrails/rules/all-rules";
import { runGuardrails } from "./run-guardrails";
import { faults, SynthesizedFolder } from "./synthesized-folder";

let folder: SynthesizedFolder;

beforeEach(() => {
  folder = new SynthesizedFolder();
});

afterEach(() => folder.remove());

/** The line of a file on which a text stands. */
const lineOf = (file: string, text: string): number =>
  file.split("\n").findIndex((line) => line.includes(text)) + 1;

describe("the command guardrails", () => {
  it("exits with 0 if no stack breaks a rule", () => {
    folder.stack("orders");
    folder.stack("parcels");

    expect(runGuardrails(folder.path, "cdktf.out")).toEqual({
      exitCode: 0,
      stdout: "2 stacks: 0 errors, 0 warnings\n",
      stderr: "",
    });
  });

  it("exits with 1 and names each finding's file, line, rule and resource", () => {
    folder.stack("orders");
    const text = folder.stack("parcels", ...faults);

    const { exitCode, stdout } = runGuardrails(folder.path);

    const file = "cdktf.out/stacks/parcels/cdk.tf.json";
    expect(stdout.split("\n").filter((line) => line.startsWith(file))).toEqual([
      `${file}:${lineOf(text, '"aws_cloudwatch_log_group": {') + 1} error logs-retention at aws_cloudwatch_log_group.worker`,
      `${file}:${lineOf(text, '"jobs": {')} error sqs-encrypted at parcels/queues/jobs`,
    ]);
    expect(stdout).toMatch(/\n\n2 stacks: 2 errors, 0 warnings\n$/);
    expect(exitCode).toBe(1);
  });

  it("writes one JSON document with --json", () => {
    folder.stack("parcels", ...faults);

    const { exitCode, stdout } = runGuardrails(folder.path, "--json");

    expect(JSON.parse(stdout)).toEqual({
      stacks: [
        {
          name: "parcels",
          file: "cdktf.out/stacks/parcels/cdk.tf.json",
          violations: [
            expect.objectContaining({ rule: "logs-retention", group: "logs", severity: "error" }),
            expect.objectContaining({
              rule: "sqs-encrypted",
              resource: "parcels/queues/jobs",
              line: expect.any(Number),
            }),
          ],
          optionProblems: [],
        },
      ],
    });
    expect(exitCode).toBe(1);
  });

  it("takes severities, groups to leave out and options of single stacks from its configuration", () => {
    folder.stack("orders", ...faults);
    folder.stack("parcels", ...faults);
    folder.write(
      "guardrails.config.json",
      JSON.stringify({
        severities: { logs: "off", "sqs-encrypted": "warning" },
        stacks: { parcels: { severities: { "sqs-encrypted": "off" } } },
      }),
    );

    const { exitCode, stdout } = runGuardrails(folder.path);

    expect(stdout.match(/^\S+ (error|warning) \S+/gm)).toEqual([
      expect.stringMatching(/^cdktf\.out\/stacks\/orders\/.* warning sqs-encrypted$/),
      expect.stringMatching(/^cdktf\.out\/stacks\/parcels\/.* error logs-retention$/),
    ]);
    expect(exitCode).toBe(1);
  });

  it.each([
    ["a CommonJS module", "rules.cjs", "module.exports = { rules: [rule] };"],
    ["an ES module", "rules.mjs", "export default { rules: [rule] };"],
  ])("checks rules from %s", (_, name, last) => {
    folder.stack("orders");
    folder.write(
      name,
      `const rule = { id: "team-no-topics", group: "team", demands: "no topics", why: "Cost.", fix: "Remove it.", mirrors: [],
        check: ({ stack }) => stack.all("aws_sns_topic").map((resource) => ({ resource, found: "it is a topic" })) };
      ${last}`,
    );

    const { exitCode, stdout } = runGuardrails(folder.path, "--config", name);

    expect(stdout).toContain("error team-no-topics at aws_sns_topic.alarms\n  found: it is a topic\n");
    expect(exitCode).toBe(1);
  });

  it("lists every rule with --rules", () => {
    const { exitCode, stdout } = runGuardrails(folder.path, "--rules");

    expect(stdout.trim().split("\n")).toEqual(allRules.map(({ id, demands }) => `${id}: ${demands}`));
    expect(exitCode).toBe(0);
  });

  it("exits with 1 if the options concern nothing", () => {
    folder.stack("orders");
    folder.write("guardrails.config.json", JSON.stringify({ severities: { "sqs-encripted": "off" } }));

    const { exitCode, stdout } = runGuardrails(folder.path);

    expect(stdout).toMatch(
      /^error in the options for orders: the severity of sqs-encripted is for an unknown/,
    );
    expect(exitCode).toBe(1);
  });

  it.each<[string, Record<string, string>, string, ...string[]]>([
    ["no such folder", {}, "there is no folder cdktf.out", "cdktf.out"],
    ["a folder without stacks", { "cdktf.out/a.txt": "" }, "no stack in cdktf.out", "cdktf.out"],
    ["a file that is not JSON", { "cdktf.out/cdk.tf.json": "{" }, "is not JSON", "cdktf.out"],
    ["a file that is a list", { "cdktf.out/cdk.tf.json": "[]" }, "is not a stack", "cdktf.out"],
    ["a configuration that is missing", {}, "there is no file x.json", "--config=x.json"],
    [
      "a configuration that is not JSON",
      { "guardrails.config.json": "{" },
      "config.json cannot be read",
      ".",
    ],
    ["an unknown option", { "guardrails.config.json": '{"severity":{}}' }, "did you mean severities?", "."],
    [
      "an unknown option of a stack",
      { "guardrails.config.json": '{"stacks":{"a":{"rule":[]}}}' },
      "unknown option stacks.a.rule: did you mean rules?",
      ".",
    ],
    ["two formats", {}, "--json and --sarif exclude each other", "--json", "--sarif"],
    ["a flag that does not exist", {}, "unknown option --sariff: did you mean --sarif?", "--sariff"],
  ])("exits with 2 for %s", (_, files, message, ...commandArguments) => {
    for (const [name, content] of Object.entries(files)) folder.write(name, content);

    const { exitCode, stdout, stderr } = runGuardrails(folder.path, ...commandArguments);

    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });
});
