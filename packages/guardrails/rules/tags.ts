import { each, type Rule } from "../rule";
import { asRecord, asRecords, type Resource, type StackView } from "../stack-view";

/** Types that can have tags and are made here; others are left alone. */
const taggable = [
  "aws_api_gateway_rest_api",
  "aws_api_gateway_stage",
  "aws_cloudwatch_event_bus",
  "aws_cloudwatch_log_group",
  "aws_cloudwatch_metric_alarm",
  "aws_dynamodb_table",
  "aws_iam_policy",
  "aws_iam_role",
  "aws_kinesis_firehose_delivery_stream",
  "aws_kms_key",
  "aws_lambda_function",
  "aws_s3_bucket",
  "aws_sns_topic",
  "aws_sqs_queue",
  "aws_ssm_parameter",
] as const;

function defaultTags(stack: StackView): Readonly<Record<string, unknown>> {
  const providers = asRecords(stack.evaluate(stack.json.provider?.aws));
  return Object.assign(
    {},
    ...providers.map(({ default_tags }) => asRecord(asRecords(default_tags)[0]?.tags) ?? {}),
  );
}

function tagsOf(resource: Resource): Readonly<Record<string, unknown>> {
  return { ...defaultTags(resource.stack), ...asRecord(resource.value("tags")) };
}

export const tagsRules: readonly Rule[] = [
  {
    id: "tags-required",
    group: "tags",
    demands: "Everything taggable has the required tags, by itself or by the provider's default tags",
    why: "Without them nobody can tell whose it is, what it costs, or whether it may be deleted.",
    fix: "Set defaultTags: [{ tags: { … } }] of AwsProvider once.",
    mirrors: ["DynamoDB.5", "EventBridge.2", "IAM.24", "Lambda.6", "SNS.3", "SQS.2"],
    check: each(taggable, (resource, { settings }) => {
      const tags = tagsOf(resource);
      const missing = settings.requiredTags.filter((name) => tags[name] === undefined || tags[name] === "");
      return missing.length > 0 && `${missing.join(", ")} absent`;
    }),
  },
  {
    id: "tags-valid",
    group: "tags",
    demands:
      "Tags have keys of at most 128 characters without the prefix aws:, values of at most 256, and are 50 at most",
    why: "AWS refuses them at apply.",
    fix: "Shorten or rename the tag.",
    mirrors: [],
    check: each(taggable, (resource) => {
      const tags = tagsOf(resource);
      const wrong = Object.entries(tags).filter(
        ([key, value]) =>
          /^aws:/i.test(key) ||
          key.length > 128 ||
          `${value}`.length > 256 ||
          !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(
            key + (typeof value === "string" && !value.includes("${") ? value : ""),
          ),
      );
      if (Object.keys(tags).length > 50) return `there are ${Object.keys(tags).length}`;
      return wrong.length > 0 && `tag ${wrong.map(([key, value]) => `${key}=${value}`).join(", ")}`;
    }),
  },
];
