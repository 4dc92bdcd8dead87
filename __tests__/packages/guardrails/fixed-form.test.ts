import type { Rule } from "../../../packages/guardrails/rule";
import { allRules } from "../../../packages/guardrails/rules/all-rules";
import { add, set } from "./edit";
import type { Fault } from "./fault";
import { notProven } from "./fixed-form";
import { GoodStacks } from "./good-stacks";

/** Replaces a rule's check, and returns what the fault then does not prove about it. */
function notProvenOf(check: Rule["check"], fault: Fault): string | undefined {
  const rule = allRules.find(({ id }) => id === fault.caughtBy) as { check: Rule["check"] };
  const original = rule.check;
  const stacks = new GoodStacks();
  rule.check = check;
  try {
    return notProven(fault, stacks);
  } finally {
    rule.check = original;
    stacks.remove();
  }
}

const encryption: Fault = {
  caughtBy: "sqs-encrypted",
  fault: "a queue without encryption",
  in: "worker",
  plant: set("aws_sqs_queue", "jobs", "sqs_managed_sse_enabled", false),
};
const domainTls = (securityPolicy: string) =>
  add("aws_api_gateway_domain_name", "domain", {
    domain_name: "a.example.com",
    security_policy: securityPolicy,
  });
const tls: Fault = {
  caughtBy: "api-gateway-domain-tls",
  fault: "a domain that accepts TLS 1.0",
  in: "worker",
  plant: domainTls("TLS_1_0"),
  fixed: domainTls("TLS_1_2"),
};
const user: Fault = {
  caughtBy: "iam-no-users",
  fault: "a user",
  in: "worker",
  plant: add("aws_iam_user", "ci", { name: "ci" }),
  fixed: "without it",
};

const isBroken = (queue: { isTrue: (name: string) => boolean }) => !queue.isTrue("sqs_managed_sse_enabled");

describe("notProven", () => {
  it("accepts a rule that reads what it reports", () => {
    const check: Rule["check"] = ({ stack }) =>
      stack
        .all("aws_sqs_queue")
        .filter(isBroken)
        .map((resource) => ({ resource, found: "off" }));

    expect(notProvenOf(check, encryption)).toBeUndefined();
  });

  it("detects a rule that finds nothing", () => {
    expect(notProvenOf(() => [], encryption)).toBe("sqs-encrypted does not find the fault");
  });

  it("detects a rule that finds everything", () => {
    const check: Rule["check"] = ({ stack }) =>
      stack.all("aws_sqs_queue").map((resource) => ({ resource, found: "a queue" }));

    expect(notProvenOf(check, encryption)).toMatch("the fixed form breaks sqs-encrypted at aws_sqs_queue.");
  });

  it("detects a rule that never reads what the fixed form contains", () => {
    const check: Rule["check"] = ({ stack }) =>
      JSON.stringify(stack.json).includes("TLS_1_0") ? [{ found: "TLS 1.0 somewhere" }] : [];

    expect(notProvenOf(check, tls)).toMatch("without reading what the fault changes");
  });

  it("detects a fault whose fixed form has nothing to read", () => {
    const { fixed: _, ...without } = tls;
    const stacks = new GoodStacks();

    expect(notProven(tls, stacks)).toBeUndefined();
    expect(notProven(without, stacks)).toMatch("aws_api_gateway_domain_name.domain");
    stacks.remove();
  });

  it("accepts absence as the fixed form of a resource that no stack can have, if the rule asks for its type", () => {
    const asks: Rule["check"] = ({ stack }) =>
      stack.all("aws_iam_user").map((resource) => ({ resource, found: "a user" }));
    const guesses: Rule["check"] = ({ stack }) =>
      JSON.stringify(stack.json).includes("aws_iam_user") ? [{ found: "a user" }] : [];

    expect(notProvenOf(asks, user)).toBeUndefined();
    expect(notProvenOf(guesses, user)).toMatch("without reading what the fault changes");
  });
});
