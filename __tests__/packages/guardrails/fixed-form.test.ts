import type { Rule } from "../../../packages/guardrails/rule";
import { allRules } from "../../../packages/guardrails/rules/all-rules";
import { add, set } from "./edit";
import type { Fault } from "./faults";
import { notShown } from "./fixed-form";
import { GoodStacks } from "./good-stacks";

/** Takes the place of a rule by one that is broken, and says what a fault then shows of it. */
function notShownOf(check: Rule["check"], fault: Fault): string | undefined {
  const rule = allRules.find(({ id }) => id === fault.caughtBy) as { check: Rule["check"] };
  const original = rule.check;
  const stacks = new GoodStacks();
  rule.check = check;
  try {
    return notShown(fault, stacks);
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
  fault: "a domain that takes TLS 1.0",
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

describe("notShown", () => {
  it("finds nothing where a rule reads what it then tells of", () => {
    const check: Rule["check"] = ({ stack }) =>
      stack
        .all("aws_sqs_queue")
        .filter(isBroken)
        .map((resource) => ({ resource, found: "off" }));

    expect(notShownOf(check, encryption)).toBeUndefined();
  });

  it("finds a rule that tells of nothing", () => {
    expect(notShownOf(() => [], encryption)).toBe("sqs-encrypted does not tell of the fault");
  });

  it("finds a rule that tells of everything", () => {
    const check: Rule["check"] = ({ stack }) =>
      stack.all("aws_sqs_queue").map((resource) => ({ resource, found: "a queue" }));

    expect(notShownOf(check, encryption)).toMatch("the fixed form breaks sqs-encrypted at aws_sqs_queue.");
  });

  it("finds a rule that never looks at what the fixed form has", () => {
    const check: Rule["check"] = ({ stack }) =>
      JSON.stringify(stack.json).includes("TLS_1_0") ? [{ found: "TLS 1.0 somewhere" }] : [];

    expect(notShownOf(check, tls)).toMatch("silent without a look at what the fault is about");
  });

  it("finds a fault whose fixed form has nothing to look at", () => {
    const { fixed: _, ...without } = tls;
    const stacks = new GoodStacks();

    expect(notShown(tls, stacks)).toBeUndefined();
    expect(notShown(without, stacks)).toMatch("aws_api_gateway_domain_name.domain");
    stacks.remove();
  });

  it("takes the absence of what no stack may have for its fixed form where a rule asks for it", () => {
    const asks: Rule["check"] = ({ stack }) =>
      stack.all("aws_iam_user").map((resource) => ({ resource, found: "a user" }));
    const guesses: Rule["check"] = ({ stack }) =>
      JSON.stringify(stack.json).includes("aws_iam_user") ? [{ found: "a user" }] : [];

    expect(notShownOf(asks, user)).toBeUndefined();
    expect(notShownOf(guesses, user)).toMatch("silent without a look");
  });
});
