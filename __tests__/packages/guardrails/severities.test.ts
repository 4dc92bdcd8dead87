import { type CheckOptions, checkStack } from "../../../packages/guardrails/check-stack";
import { each, type Rule } from "../../../packages/guardrails/rule";
import type { TerraformJson } from "../../../packages/guardrails/stack-view";
import { set } from "./edit";
import { workerStack } from "./worker-stack";

const noTopics: Rule = {
  id: "team-no-topics",
  group: "team",
  demands: "no topics",
  why: "Topics cost.",
  fix: "Remove it.",
  mirrors: [],
  check: each("aws_sns_topic", () => "it is a topic"),
};

/** A queue without encryption, which breaks one rule. */
function check(options: CheckOptions) {
  const json: TerraformJson = structuredClone(workerStack);
  set("aws_sqs_queue", "jobs", "sqs_managed_sse_enabled", false)(json);
  const { violations, optionProblems } = checkStack(json, options);
  return { found: violations.map(({ rule, severity }) => `${severity} ${rule.id}`), optionProblems };
}

describe("a rule's severity", () => {
  it.each<[string, CheckOptions["severities"], string[]]>([
    ["an error by default", {}, ["error sqs-encrypted"]],
    ["its own", { "sqs-encrypted": "warning" }, ["warning sqs-encrypted"]],
    ["its group's", { sqs: "warning" }, ["warning sqs-encrypted"]],
    ["its own rather than its group's", { sqs: "off", "sqs-encrypted": "error" }, ["error sqs-encrypted"]],
    ["off", { "sqs-encrypted": "off" }, []],
    ["off with its group", { sqs: "off" }, []],
  ])("is %s", (_, severities = {}, found) => {
    expect(check({ severities })).toEqual({ found, optionProblems: [] });
  });

  it("can be given to an added rule and its group", () => {
    expect(check({ rules: [noTopics], severities: { team: "warning", sqs: "off" } })).toEqual({
      found: ["warning team-no-topics"],
      optionProblems: [],
    });
  });

  it("must be for a rule or group that exists", () => {
    expect(check({ severities: { "sqs-encripted": "off", team: "off" } }).optionProblems).toEqual([
      expect.stringContaining("sqs-encripted"),
      expect.stringContaining("team"),
    ]);
  });
});

describe("an added rule", () => {
  it("is checked beside the package's rules", () => {
    expect(check({ rules: [noTopics] }).found).toEqual(["error sqs-encrypted", "error team-no-topics"]);
  });

  it("can be suppressed like them", () => {
    const suppression = {
      rule: "team-no-topics",
      resource: "aws_sns_topic.alarms",
      reason: "Alarms need one",
    };

    expect(check({ rules: [noTopics], suppressions: [suppression] })).toEqual({
      found: ["error sqs-encrypted"],
      optionProblems: [],
    });
  });

  it("needs an id of its own", () => {
    expect(check({ rules: [{ ...noTopics, id: "sqs-encrypted" }] }).optionProblems).toEqual([
      "there are several rules with the id sqs-encrypted: give the added rule another one",
    ]);
  });
});
