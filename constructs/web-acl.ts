import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Construct } from "constructs";
import { physicalName } from "./naming";

export interface WebAclProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** ARN of the API's stage. */
  readonly stageArn: string;
  /** Requests that one address may send in five minutes, 100 to 2,000,000,000. @default 2_000 */
  readonly requestsPerAddress?: number;
}

/**
 * AWS WAF in front of an API's stage: AWS's own rules against common attacks, known bad input and addresses of ill
 * repute, and a bound for each address.
 *
 * It costs 5 USD a month, 1 USD for each of its four rules, and 0.60 USD for a million requests (WAF's price list).
 */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { requestsPerAddress = 2_000 } = props;
    const name = physicalName(this, props.name);
    const managedRules = [
      "AWSManagedRulesAmazonIpReputationList",
      "AWSManagedRulesCommonRuleSet",
      "AWSManagedRulesKnownBadInputsRuleSet",
    ];
    const acl = new Wafv2WebAcl(this, "acl", {
      name,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: visibleAs(name),
      // The provider leaves a statement untyped, and cdktf renders it as it is.
      rule: [
        ...managedRules.map((rule, priority) => ({
          name: rule,
          priority,
          overrideAction: { none: {} },
          statement: { managed_rule_group_statement: { vendor_name: "AWS", name: rule } },
          visibilityConfig: visibleAs(rule),
        })),
        {
          name: "requests-per-address",
          priority: managedRules.length,
          action: { block: {} },
          statement: { rate_based_statement: { limit: requestsPerAddress, aggregate_key_type: "IP" } },
          visibilityConfig: visibleAs("requests-per-address"),
        },
      ],
    });
    new Wafv2WebAclAssociation(this, "association", {
      resourceArn: props.stageArn,
      webAclArn: acl.arn,
    });
  }
}

function visibleAs(metricName: string) {
  return { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
