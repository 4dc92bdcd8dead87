import { add, both, type Edit, type StatementJson, set, statements } from "../edit";

/** A stack that breaks a rule, written from what the rules demand. */
export interface Faulty {
  readonly name: string;
  readonly plant: Edit;
  /** The resource that must be named. */
  readonly at: string;
  /** One of these must find it. */
  readonly rules: readonly string[];
  /** What its finding must say. */
  readonly found?: RegExp;
}

/** A stack that is right, in which no rule may find anything. */
export interface Legitimate {
  readonly name: string;
  readonly plant: Edit;
}

export const json = (value: unknown): string => JSON.stringify(value);

export const document = (...all: readonly object[]): string =>
  json({ Version: "2012-10-17", Statement: all });

export const allow = (
  Action: string | readonly string[],
  Resource: string | readonly string[],
  rest: object = {},
) => ({ Effect: "Allow", Action, Resource, ...rest });

export const deny = (Action: string | readonly string[], Resource: string, rest: object = {}) => ({
  Effect: "Deny",
  Action,
  Resource,
  ...rest,
});

/** What the worker's role is allowed, by topic. */
export const grants = {
  reads: allow(
    ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    "${aws_sqs_queue.jobs.arn}",
  ),
  deadLetters: allow("sqs:SendMessage", "${aws_sqs_queue.failed.arn}"),
  logs: allow(["logs:CreateLogStream", "logs:PutLogEvents"], "${aws_cloudwatch_log_group.worker.arn}:*"),
  traces: allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
};

/** Replaces grants of the worker's role, and adds statements. */
export const workerMay = (
  replaced: Partial<Record<keyof typeof grants, object | undefined>>,
  ...more: readonly object[]
): Edit => {
  const all = Object.values({ ...grants, ...replaced }).filter((one) => one !== undefined);
  return set("aws_iam_role_policy", "worker", "policy", document(...all, ...more));
};

/** A second inline policy of the worker's role. */
export const secondPolicy = (...all: readonly object[]): Edit =>
  add("aws_iam_role_policy", "second", {
    name: "second",
    role: "${aws_iam_role.worker.name}",
    policy: document(...all),
  });

export const tls = (Action: string, Resource: string | readonly string[]) => ({
  Effect: "Deny",
  Principal: "*",
  Action,
  Resource,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** Lets a service send for one source. */
export const lets = (
  service: string,
  Action: string,
  Resource: string,
  source?: string,
  rest: object = {},
) => ({
  Effect: "Allow",
  Principal: { Service: service },
  Action,
  Resource,
  Condition: source
    ? { ArnLike: { "aws:SourceArn": source } }
    : { StringEquals: { "aws:SourceAccount": "123456789012" } },
  ...rest,
});

export const queueArn = (id: string): string => `\${aws_sqs_queue.${id}.arn}`;
export const topicArn = (id: string): string => `\${aws_sns_topic.${id}.arn}`;
export const workerArn = "${aws_lambda_function.worker.arn}";
export const roleArn = (id: string): string => `\${aws_iam_role.${id}.arn}`;

/** A queue whose policy denies requests without TLS, and has more statements. */
export const queue = (id: string, all: readonly object[] = [], attributes: object = {}): Edit =>
  both(
    add("aws_sqs_queue", id, { name: id, sqs_managed_sse_enabled: true, ...attributes }),
    add("aws_sqs_queue_policy", id, {
      queue_url: `\${aws_sqs_queue.${id}.id}`,
      policy: document(tls("sqs:*", queueArn(id)), ...all),
    }),
  );

export const topic = (id: string, all: readonly object[] = [], attributes: object = {}): Edit =>
  both(
    add("aws_sns_topic", id, { name: id, ...attributes }),
    add("aws_sns_topic_policy", id, {
      arn: topicArn(id),
      policy: document(tls("sns:Publish", topicArn(id)), ...all),
    }),
  );

export const bucket = (id: string, all: readonly object[] = []): Edit => {
  const own = `\${aws_s3_bucket.${id}.id}`;
  const arn = `\${aws_s3_bucket.${id}.arn}`;
  return both(
    add("aws_s3_bucket", id, { bucket: `bucket-${id}`, lifecycle: { prevent_destroy: true } }),
    add("aws_s3_bucket_policy", id, {
      bucket: own,
      policy: document(tls("s3:*", [arn, `${arn}/*`]), ...all),
    }),
    add("aws_s3_bucket_public_access_block", id, {
      bucket: own,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    }),
    add("aws_s3_bucket_versioning", id, {
      bucket: own,
      versioning_configuration: [{ status: "Enabled" }],
    }),
    add("aws_s3_bucket_ownership_controls", id, {
      bucket: own,
      rule: [{ object_ownership: "BucketOwnerEnforced" }],
    }),
    add("aws_s3_bucket_server_side_encryption_configuration", id, {
      bucket: own,
      rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "AES256" }] }],
    }),
  );
};

export const trust = (service: string): object => ({
  Effect: "Allow",
  Principal: { Service: service },
  Action: "sts:AssumeRole",
});

/** A role that a service assumes. */
export const role = (id: string, service: string | object, ...all: readonly object[]): Edit =>
  both(
    add("aws_iam_role", id, {
      name: id,
      assume_role_policy: document(typeof service === "string" ? trust(service) : service),
    }),
    ...(all.length > 0
      ? [
          add("aws_iam_role_policy", id, {
            name: id,
            role: `\${aws_iam_role.${id}.id}`,
            policy: document(...all),
          }),
        ]
      : []),
  );

/** A rule on orders, on the default bus unless another is given. */
export const rule = (id: string, attributes: object = {}): Edit =>
  add("aws_cloudwatch_event_rule", id, {
    name: id,
    event_pattern: json({ source: ["shop"] }),
    ...attributes,
  });

export const ruleArn = (id: string): string => `\${aws_cloudwatch_event_rule.${id}.arn}`;

/** A target of the rule r, whose dead letters another team's queue gets. */
export const target = (id: string, arn: string, attributes: object = {}): Edit =>
  add("aws_cloudwatch_event_target", id, {
    rule: "${aws_cloudwatch_event_rule.r.name}",
    arn,
    dead_letter_config: { arn: "arn:aws:sqs:eu-west-1:210987654321:of-another-team" },
    ...attributes,
  });

/** A key whose policy lets the account manage it. */
export const key = (id: string, ...all: readonly object[]): Edit =>
  add("aws_kms_key", id, {
    enable_key_rotation: true,
    policy: document(
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::123456789012:root" },
        Action: "kms:*",
        Resource: "*",
      },
      ...all,
    ),
  });

export const keyFor = (service: string): object => ({
  Effect: "Allow",
  Principal: { Service: service },
  Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
  Resource: "*",
  Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
});

export const encryptedBy = (id: string) => ({ kms_master_key_id: `\${aws_kms_key.${id}.arn}` });

/** The alias live of the worker, which everything in the stack then calls. */
export const alias: Edit = both(
  set("aws_lambda_function", "worker", "publish", true),
  add("aws_lambda_alias", "live", {
    name: "live",
    function_name: "${aws_lambda_function.worker.function_name}",
    function_version: "${aws_lambda_function.worker.version}",
  }),
  set("aws_lambda_permission", "placed", "qualifier", "live"),
  set("aws_cloudwatch_event_target", "placed", "arn", "${aws_lambda_alias.live.arn}"),
  set("aws_lambda_event_source_mapping", "jobs", "function_name", "${aws_lambda_alias.live.arn}"),
);
export const aliasArn = "${aws_lambda_alias.live.arn}";

export const permission = (id: string, principal: string, attributes: object = {}): Edit =>
  add("aws_lambda_permission", id, {
    statement_id: id,
    action: "lambda:InvokeFunction",
    function_name: "${aws_lambda_function.worker.function_name}",
    principal,
    ...attributes,
  });

/** Adds statements to the policy of the queue of jobs. */
export const jobsPolicy = (...more: readonly StatementJson[]): Edit =>
  statements("aws_sqs_queue_policy", "jobs", (all) => [...all, ...more]);

/** A table with a stream, and an index by-owner. */
export const table = (attributes: object = {}): Edit =>
  add("aws_dynamodb_table", "orders", {
    name: "orders",
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "id",
    attribute: [
      { name: "id", type: "S" },
      { name: "owner", type: "S" },
    ],
    global_secondary_index: [{ name: "by-owner", hash_key: "owner", projection_type: "ALL" }],
    point_in_time_recovery: { enabled: true },
    deletion_protection_enabled: true,
    stream_enabled: true,
    stream_view_type: "NEW_AND_OLD_IMAGES",
    lifecycle: { prevent_destroy: true },
    ...attributes,
  });
export const tableArn = "${aws_dynamodb_table.orders.arn}";
