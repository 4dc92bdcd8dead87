import { type Attributes, add, both, type Edit } from "../edit";

/** A policy as JSON text. */
export const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

export const trust = (...services: readonly string[]): string =>
  policy({ Effect: "Allow", Principal: { Service: services }, Action: "sts:AssumeRole" });

const denyWithoutTls = (action: string, resource: string | readonly string[]) => ({
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: resource,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** A metric alarm with everything that the rules demand. */
export const alarm = (id: string, changes: Attributes = {}): Edit =>
  add("aws_cloudwatch_metric_alarm", id, {
    alarm_name: id,
    alarm_description: "Look at the log first.",
    namespace: "Orders",
    metric_name: "Failed",
    statistic: "Sum",
    comparison_operator: "GreaterThanThreshold",
    threshold: 0,
    period: 60,
    evaluation_periods: 1,
    treat_missing_data: "notBreaching",
    alarm_actions: ["${aws_sns_topic.alarms.arn}"],
    ...changes,
  });

export const composite = (id: string, rule: string, changes: Attributes = {}): Edit =>
  add("aws_cloudwatch_composite_alarm", id, {
    alarm_name: id,
    alarm_description: "Look at the log first.",
    alarm_rule: rule,
    alarm_actions: ["${aws_sns_topic.alarms.arn}"],
    ...changes,
  });

/** Statements that every function's role has: logs, traces and dead letters. */
export const functionStatements = (id: string): readonly object[] => [
  {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `\${aws_cloudwatch_log_group.${id}.arn}:*`,
  },
  { Effect: "Allow", Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*" },
  { Effect: "Allow", Action: "sqs:SendMessage", Resource: "${aws_sqs_queue.failed.arn}" },
];

/** A role for a function, with its statements and some more. */
export const functionRole = (id: string, ...more: readonly object[]): Edit =>
  both(
    add("aws_iam_role", id, { name: id, assume_role_policy: trust("lambda.amazonaws.com") }),
    add("aws_iam_role_policy", id, {
      name: id,
      role: `\${aws_iam_role.${id}.id}`,
      policy: policy(...functionStatements(id), ...more),
    }),
  );

/** A function's attributes, without the role, log group and alarm that belong to it. */
export const functionAttributes = (id: string, changes: Attributes = {}): Attributes => ({
  function_name: id,
  role: `\${aws_iam_role.${id}.arn}`,
  runtime: "nodejs22.x",
  handler: "index.handler",
  s3_bucket: "artifacts",
  s3_key: `${id}.zip`,
  source_code_hash: "c29tZSBoYXNo",
  memory_size: 256,
  timeout: 10,
  reserved_concurrent_executions: 5,
  dead_letter_config: { target_arn: "${aws_sqs_queue.failed.arn}" },
  tracing_config: { mode: "Active" },
  depends_on: [`aws_iam_role_policy.${id}`, `aws_cloudwatch_log_group.${id}`],
  ...changes,
});

export const logGroup = (id: string, changes: Attributes = {}): Edit =>
  add("aws_cloudwatch_log_group", id, { name: `/aws/lambda/${id}`, retention_in_days: 14, ...changes });

export const errorAlarm = (id: string): Edit =>
  alarm(`${id}-errors`, {
    namespace: "AWS/Lambda",
    metric_name: "Errors",
    dimensions: { FunctionName: `\${aws_lambda_function.${id}.function_name}` },
  });

/** A function with everything that the rules demand of one. */
export const fn = (id: string, changes: Attributes = {}, ...statements: readonly object[]): Edit =>
  both(
    functionRole(id, ...statements),
    logGroup(id),
    add("aws_lambda_function", id, functionAttributes(id, changes)),
    errorAlarm(id),
  );

/** A function whose zip the stack makes of some files. */
export const packaged = (
  id: string,
  files: Readonly<Record<string, string>>,
  changes: Attributes = {},
): Edit =>
  both(
    add("data.archive_file", id, {
      type: "zip",
      output_path: `${id}.zip`,
      source: Object.entries(files).map(([filename, content]) => ({ filename, content })),
    }),
    add("aws_s3_object", id, {
      bucket: "artifacts",
      key: `${id}.zip`,
      source: `\${data.archive_file.${id}.output_path}`,
      source_hash: `\${data.archive_file.${id}.output_base64sha256}`,
    }),
    fn(id, {
      s3_key: `\${aws_s3_object.${id}.key}`,
      source_code_hash: `\${data.archive_file.${id}.output_base64sha256}`,
      ...changes,
    }),
  );

export const queue = (id: string, changes: Attributes = {}, ...statements: readonly object[]): Edit =>
  both(
    add("aws_sqs_queue", id, { name: id, sqs_managed_sse_enabled: true, ...changes }),
    add("aws_sqs_queue_policy", id, {
      queue_url: `\${aws_sqs_queue.${id}.id}`,
      policy: policy(denyWithoutTls("sqs:*", `\${aws_sqs_queue.${id}.arn}`), ...statements),
    }),
  );

export const topic = (id: string, changes: Attributes = {}, ...statements: readonly object[]): Edit =>
  both(
    add("aws_sns_topic", id, { name: id, ...changes }),
    add("aws_sns_topic_policy", id, {
      arn: `\${aws_sns_topic.${id}.arn}`,
      policy: policy(denyWithoutTls("sns:Publish", `\${aws_sns_topic.${id}.arn}`), ...statements),
    }),
  );

export const bucket = (id: string, changes: Attributes = {}, ...statements: readonly object[]): Edit => {
  const name = `\${aws_s3_bucket.${id}.bucket}`;
  const arn = `\${aws_s3_bucket.${id}.arn}`;
  return both(
    add("aws_s3_bucket", id, { bucket: id, lifecycle: { prevent_destroy: true }, ...changes }),
    add("aws_s3_bucket_public_access_block", id, {
      bucket: name,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    }),
    add("aws_s3_bucket_versioning", id, { bucket: name, versioning_configuration: { status: "Enabled" } }),
    add("aws_s3_bucket_ownership_controls", id, {
      bucket: name,
      rule: { object_ownership: "BucketOwnerEnforced" },
    }),
    add("aws_s3_bucket_server_side_encryption_configuration", id, {
      bucket: name,
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    }),
    add("aws_s3_bucket_policy", id, {
      bucket: name,
      policy: policy(denyWithoutTls("s3:*", [arn, `${arn}/*`]), ...statements),
    }),
  );
};

export const table = (id: string, changes: Attributes = {}): Edit =>
  add("aws_dynamodb_table", id, {
    name: `table-${id}`,
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "id",
    attribute: [{ name: "id", type: "S" }],
    point_in_time_recovery: { enabled: true },
    deletion_protection_enabled: true,
    lifecycle: { prevent_destroy: true },
    ...changes,
  });
