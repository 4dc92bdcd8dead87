import { serviceMay } from "../access/decide";
import { regionOf } from "../access/place";
import { targetPolicies } from "../access/resource-policies";
import { arnOf } from "../access/symbolic-text";
import { each, type Rule } from "../rule";
import { roleProblem } from "./deliveries/problems";
import { deliveryFindings, isSubscription } from "./deliveries/rules";

const groupType = "aws_cloudwatch_log_group";

/** Retentions in days that CloudWatch Logs accepts (PutRetentionPolicy in its API reference). */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
const keyActions = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:ReEncryptFrom",
  "kms:GenerateDataKey",
  "kms:DescribeKey",
];

export const logsRules: readonly Rule[] = [
  {
    id: "logs-retention",
    group: "logs",
    demands: "A log group has a retention that CloudWatch Logs accepts",
    why: "Without one, every line is stored and billed forever.",
    fix: `Set retentionInDays to one of ${retentions.slice(0, 8).join(", ")}, …`,
    mirrors: ["CKV_AWS_66", "cfn-lint-serverless WS1004"],
    check: each(groupType, (group) => {
      // "Log groups with the Delivery class … are retained for two days", which cannot be changed.
      if (group.text("log_group_class") === "DELIVERY") return undefined;
      const days = group.number("retention_in_days");
      if (days === undefined && group.has("retention_in_days")) return undefined;
      return (days === undefined || !retentions.includes(days)) && `retention_in_days is ${days ?? "absent"}`;
    }),
  },
  {
    id: "logs-key-policy",
    group: "logs",
    demands: "A log group's key allows CloudWatch Logs",
    why: "AWS rejects the group at apply: “The specified KMS key does not exist or is not allowed to be used”.",
    fix: "Allow kms:Encrypt, Decrypt, ReEncrypt*, GenerateDataKey* and DescribeKey to logs.<region>.amazonaws.com in the key's policy, for the group's ARN.",
    mirrors: [],
    check: each(groupType, (group) => {
      const key = group.follow("kms_key_id", "aws_kms_key");
      if (!key) return undefined;
      const region = regionOf(group);
      const missing = keyActions.filter((action) => {
        const request = {
          services: [`logs.${region}.amazonaws.com`, "logs.amazonaws.com"],
          action,
          resource: arnOf(key),
          source: undefined,
          keys: { "kms:EncryptionContext:aws:logs:arn": arnOf(group) },
        };
        return serviceMay(key, request, targetPolicies(key)) === false;
      });
      return (
        missing.length > 0 &&
        `the policy of ${key.path} does not allow logs.<region>.amazonaws.com to call ${missing.join(", ")}`
      );
    }),
  },
  {
    id: "logs-subscription-permission",
    group: "logs",
    demands: "A subscription to Firehose or Kinesis has a role that is allowed to write to the stream",
    why: "AWS rejects the subscription at apply, or the lines are dropped.",
    fix: "Set roleArn to a role that trusts logs.amazonaws.com and is allowed firehose:PutRecord and firehose:PutRecordBatch (kinesis:PutRecord) on the stream.",
    mirrors: [],
    check: ({ stack }) => deliveryFindings(stack, roleProblem, isSubscription),
  },
  {
    id: "logs-class",
    group: "logs",
    demands: "A log group of class INFREQUENT_ACCESS has neither subscription nor metric filters",
    why: "CloudWatch Logs supports them only for the class STANDARD, and AWS rejects them at apply.",
    fix: 'Set logGroupClass: "STANDARD". The class of a group cannot be changed: the group is replaced.',
    mirrors: [],
    check: each(groupType, (group) => {
      if (group.text("log_group_class") !== "INFREQUENT_ACCESS") return undefined;
      return ["aws_cloudwatch_log_subscription_filter", "aws_cloudwatch_log_metric_filter"].flatMap((type) =>
        group.stack
          .pointingAt(group, type, "log_group_name")
          .map(({ path }) => `its class is INFREQUENT_ACCESS, but ${path} reads it`),
      );
    }),
  },
  {
    id: "logs-subscription-limit",
    group: "logs",
    demands: "A log group has at most two subscriptions",
    why: "AWS rejects the third at apply.",
    fix: "Forward the lines from a stream that already receives them.",
    mirrors: [],
    check: each(groupType, (group) => {
      const filters = group.stack.pointingAt(
        group,
        "aws_cloudwatch_log_subscription_filter",
        "log_group_name",
      );
      return filters.length > 2 && `it has ${filters.length} subscription filters`;
    }),
  },
  {
    id: "logs-vended-name",
    group: "logs",
    demands: "An API's access log group has a name that starts with /aws/vendedlogs/",
    why: "AWS adds every other group to a resource policy of at most 5,120 characters, and a Region has at most ten. From about the fortieth API on, logs are lost.",
    fix: "Start its name with /aws/vendedlogs/apigateway/.",
    mirrors: [],
    check: each("aws_api_gateway_stage", (stage) => {
      const group = stage.follow("access_log_settings.destination_arn", groupType);
      const name = group?.text("name");
      return name !== undefined && !name.startsWith("/aws/vendedlogs/") && `${group?.path} is named ${name}`;
    }),
  },
  {
    id: "logs-resource-policy-size",
    group: "logs",
    demands: "A CloudWatch Logs resource policy has at most 5,120 characters",
    why: "AWS rejects it at apply: LimitExceeded.",
    fix: "Use one pattern instead of listing each group.",
    mirrors: [],
    check: each("aws_cloudwatch_log_resource_policy", (policy) => {
      const size = JSON.stringify(policy.json("policy_document") ?? "").length;
      return size > 5_120 && `policy_document has ${size} characters`;
    }),
  },
  {
    id: "logs-metric-filter",
    group: "logs",
    demands: "A metric filter reads a log group of the stack, and its value is a number",
    why: "AWS rejects the filter at apply, or the metric stays empty.",
    fix: "Reference the group's name in logGroupName, and set the metricTransformation's value to a number or a $.field.",
    mirrors: [],
    check: each("aws_cloudwatch_log_metric_filter", (filter) => {
      const value = `${filter.value("metric_transformation.value")}`;
      if (!/^(-?\d+(\.\d+)?|\$.+)$/.test(value)) return `metric_transformation.value is ${value}`;
      const group = filter.text("log_group_name");
      const known = filter.stack.all(groupType);
      return (
        group !== undefined &&
        known.length > 0 &&
        !filter.follow("log_group_name", groupType) &&
        `log_group_name is ${group}, which is not in the stack`
      );
    }),
  },
];
