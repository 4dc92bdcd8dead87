import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import { physicalName } from "./naming";
import { validateProps } from "./validation";

export interface WebAclProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** ARN of the API's stage. */
  readonly stageArn: string;
  /** Requests that one IP address can send in five minutes, 10 to 2,000,000,000 (RateBasedStatement in WAF's API). */
  readonly requestsPerAddress: number;
}

/**
 * Managed rules that would refuse requests that the API accepts: AWSManagedRulesCommonRuleSet allows 8 KB of body and 1 KB
 * of path, and requires a User-Agent ("Baseline rule groups" in WAF's guide), while an item may have 400 KB, an id 256
 * characters of up to twelve bytes in a URL, and programs call the API without a User-Agent. They count what they match.
 *
 * The other rules block. They see the first 16 KB of a body (to see more costs extra), and an item whose text looks like an
 * attack, such as a script or a path with ../, is refused with 403.
 */
const countedRules: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesCommonRuleSet: ["NoUserAgent_HEADER", "SizeRestrictions_BODY", "SizeRestrictions_URIPATH"],
};

/**
 * AWS WAF in front of an API's stage: AWS's managed rules against common attacks, known bad inputs and addresses with a
 * bad reputation, and a rate limit per address.
 *
 * It costs 5 USD a month, 1 USD a month for each of its four rules, and 0.60 USD per million requests (WAF's price list).
 */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { requestsPerAddress } = props;
    validateProps(this, {
      requestsPerAddress: { value: requestsPerAddress, minimum: 10, maximum: 2_000_000_000 },
    });
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
      visibilityConfig: visibility(name),
      // The provider does not type statements, so cdktf writes them unchanged, in Terraform's spelling.
      rule: [
        ...managedRules.map((rule, priority) => ({
          name: rule,
          priority,
          overrideAction: { none: {} },
          statement: {
            managed_rule_group_statement: {
              vendor_name: "AWS",
              name: rule,
              rule_action_override: (countedRules[rule] ?? []).map((counted) => ({
                name: counted,
                action_to_use: { count: {} },
              })),
            },
          },
          visibilityConfig: visibility(rule),
        })),
        {
          name: "requests-per-address",
          priority: managedRules.length,
          action: { block: {} },
          statement: {
            rate_based_statement: { limit: requestsPerAddress, aggregate_key_type: "IP" },
          },
          visibilityConfig: visibility("requests-per-address"),
        },
      ],
    });
    const association = new Wafv2WebAclAssociation(this, "association", {
      resourceArn: props.stageArn,
      webAclArn: acl.arn,
    });
    promise(acl, "attacks and floods are blocked and counted, and samples show why", [
      "name",
      "scope",
      "default_action",
      "rule",
      "visibility_config",
    ]);
    promise(association, "it stands before this stage", ["resource_arn", "web_acl_arn"]);
  }
}

function visibility(metricName: string) {
  return { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
