import { each, type Rule } from "../rule";
import { asRecord, asRecords, type Resource, type StackView } from "../stack-view";

/** The taggable types that these rules check. Other types are ignored. */
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

/** Whether only Terraform knows which default tags there are. */
function defaultTagsUnknown(stack: StackView): boolean {
  const blocks = asRecords(stack.json.provider?.aws).flatMap(({ default_tags }) => asRecords(default_tags));
  return blocks.some(({ tags, dynamic }) => typeof tags === "string" || dynamic !== undefined);
}

function tagsOf(resource: Resource): Readonly<Record<string, unknown>> {
  return { ...defaultTags(resource.stack), ...asRecord(resource.value("tags")) };
}

export const tagsRules: readonly Rule[] = [
  {
    id: "tags-required",
    group: "tags",
    demands: "Every taggable resource has the required tags, its own or the provider's default tags",
    why: "Without them you cannot tell who owns a resource, what it costs, or whether it can be deleted.",
    fix: "Set defaultTags: [{ tags: { … } }] on AwsProvider once.",
    mirrors: ["DynamoDB.5", "EventBridge.2", "IAM.24", "Lambda.6", "SNS.3", "SQS.2"],
    check: each(taggable, (resource, { settings }) => {
      const tags = tagsOf(resource);
      const missing = settings.requiredTags.filter((name) => tags[name] === undefined || tags[name] === "");
      const unknown = typeof resource.value("tags") === "string" || defaultTagsUnknown(resource.stack);
      return missing.length > 0 && !unknown && `missing tags: ${missing.join(", ")}`;
    }),
  },
  {
    id: "tags-valid",
    group: "tags",
    demands:
      "A resource has at most 50 tags, with keys of at most 128 characters without the prefix aws: and values of at most 256 characters",
    why: "AWS rejects them at apply.",
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
      if (Object.keys(tags).length > 50) return `it has ${Object.keys(tags).length} tags`;
      return wrong.length > 0 && `invalid tags: ${wrong.map(([key, value]) => `${key}=${value}`).join(", ")}`;
    }),
  },
];
