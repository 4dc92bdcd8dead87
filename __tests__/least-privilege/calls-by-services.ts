import type { Resource } from "../../packages/guardrails/stack-view";
import type { AwsCall } from "./aws-call";
import { type ConcreteStack, nameOf } from "./concrete-stack";

type Place = Omit<AwsCall, "action">;

/** Calls that a service makes with the role that a resource passes to it, and where that is documented. */
interface ServiceCalls {
  readonly type: string;
  readonly roleAttribute: string;
  readonly actions: readonly string[];
  readonly source: string;
  readonly to: (resource: Resource, stack: ConcreteStack) => readonly Place[];
}

const firehose = {
  type: "aws_kinesis_firehose_delivery_stream",
  roleAttribute: "extended_s3_configuration.role_arn",
  source:
    'Firehose\'s developer guide, "Grant Firehose access to an Amazon S3 destination", without GetObject: it reads no object',
} as const;

const table: readonly ServiceCalls[] = [
  {
    ...firehose,
    actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
    to: (stream, stack) =>
      bucketsOf(stream).map((bucket) => ({ resource: stack.arnOf(bucket), name: nameOf(bucket) })),
  },
  {
    ...firehose,
    actions: ["s3:AbortMultipartUpload", "s3:PutObject"],
    to: (stream, stack) =>
      bucketsOf(stream).flatMap((bucket) =>
        ["prefix", "error_output_prefix"].flatMap((attribute) => {
          // In `access-log/year=!{timestamp:yyyy}/`, only the part that Firehose does not fill in.
          const [prefix = ""] = `${stream.value(`extended_s3_configuration.${attribute}`)}`.split("!{");
          const resource = `${stack.arnOf(bucket)}/${prefix}2026/part.jsonl.gz`;
          return [nameOf(bucket), prefix.split("/")[0] ?? ""].map((name) => ({ resource, name }));
        }),
      ),
  },
  {
    ...firehose,
    actions: ["logs:PutLogEvents"],
    to: (stream, stack) => {
      const options = "extended_s3_configuration.cloudwatch_logging_options";
      const group = stream.follow(`${options}.log_group_name`, "aws_cloudwatch_log_group");
      const name = stack.text(stream.raw(`${options}.log_stream_name`));
      const resource = group && `${stack.arnOf(group)}:log-stream:${name}`;
      return group && resource ? [nameOf(group), name].map((part) => ({ resource, name: part })) : [];
    },
  },
  {
    type: "aws_cloudwatch_log_subscription_filter",
    roleAttribute: "role_arn",
    actions: ["firehose:PutRecord", "firehose:PutRecordBatch"],
    source: 'CloudWatch Logs\' user guide, "Subscription filters with Amazon Data Firehose"',
    to: (filter, stack) => {
      const stream = filter.follow("destination_arn", "aws_kinesis_firehose_delivery_stream");
      return stream ? [{ resource: stack.arnOf(stream), name: nameOf(stream) }] : [];
    },
  },
];

/** Every call that a service makes with a role. */
export function callsByServices(role: Resource, stack: ConcreteStack): readonly AwsCall[] {
  return table.flatMap(({ type, roleAttribute, actions, to }) =>
    stack.view
      .pointingAt(role, type, roleAttribute)
      .flatMap((resource) => to(resource, stack))
      .flatMap((place) => actions.map((action) => ({ action, ...place }))),
  );
}

function bucketsOf(stream: Resource): readonly Resource[] {
  const bucket = stream.follow("extended_s3_configuration.bucket_arn", "aws_s3_bucket");
  return bucket ? [bucket] : [];
}
