import { WebAcl } from "../../constructs/web-acl";
import { synthesizeStack } from "../support/synthesize";

const stack = synthesizeStack((testStack) => {
  new WebAcl(testStack, "web-acl", {
    name: "api",
    stageArn: "arn:aws:apigateway:eu-west-1::/restapis/a/stages/test",
  });
});

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
});

const managed = (name: string) => ({ managed_rule_group_statement: { vendor_name: "AWS", name } });
