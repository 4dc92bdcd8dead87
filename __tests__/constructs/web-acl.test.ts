import { WebAcl } from "../../constructs/web-acl";
import type { JsonObject } from "../support/block";
import { synthesizeStack } from "../support/synthesize";

const synthesized = (requestsPerAddress = 2_000) =>
  synthesizeStack((testStack) => {
    new WebAcl(testStack, "web-acl", {
      name: "api",
      stageArn: "arn:aws:apigateway:eu-west-1::/restapis/a/stages/test",
      requestsPerAddress,
    });
  });

const stack = synthesized();

describe("WebAcl", () => {
  it("protects the stage and allows requests that no rule blocks", () => {
    const acl = stack.only("aws_wafv2_web_acl");

    expect(acl.attributes).toMatchObject({
      name: "shop-api-test",
      scope: "REGIONAL",
      default_action: { allow: {} },
    });
    expect(stack.only("aws_wafv2_web_acl_association").attributes).toEqual({
      resource_arn: "arn:aws:apigateway:eu-west-1::/restapis/a/stages/test",
      web_acl_arn: acl.ref("arn"),
    });
  });

  it("blocks what AWS's managed rules match, and addresses that send too many requests", () => {
    const { rule } = stack.only("aws_wafv2_web_acl").attributes;

    expect(rule).toMatchObject([
      { priority: 0, statement: managed("AWSManagedRulesAmazonIpReputationList") },
      { priority: 1, statement: managed("AWSManagedRulesCommonRuleSet") },
      { priority: 2, statement: managed("AWSManagedRulesKnownBadInputsRuleSet") },
      {
        priority: 3,
        action: { block: {} },
        statement: { rate_based_statement: { limit: 2_000, aggregate_key_type: "IP" } },
      },
    ]);
  });

  it("lets large bodies, long ids and callers without a User-Agent through, by counting what rules about them match", () => {
    const rules = stack.only("aws_wafv2_web_acl").attributes.rule as readonly JsonObject[];

    const overrides = rules.map(({ statement }) => {
      const group = (statement as JsonObject).managed_rule_group_statement as JsonObject | undefined;
      return group?.rule_action_override;
    });

    expect(overrides).toEqual([
      [],
      [
        { name: "NoUserAgent_HEADER", action_to_use: { count: {} } },
        { name: "SizeRestrictions_BODY", action_to_use: { count: {} } },
        { name: "SizeRestrictions_URIPATH", action_to_use: { count: {} } },
      ],
      [],
      undefined,
    ]);
  });

  it.each([9, 2_000_000_001, 100.5])("refuses a limit of %d requests", (limit) => {
    expect(() => synthesized(limit)).toThrow(
      /web-acl: requestsPerAddress must be (a whole number )?between 10 and 2000000000/,
    );
  });

  it.each([10, 2_000_000_000])("accepts a limit of %d requests", (limit) => {
    expect(() => synthesized(limit)).not.toThrow();
  });
});

const managed = (name: string) => ({ managed_rule_group_statement: { vendor_name: "AWS", name } });
