import { each, type Rule } from "../rule";

const mapping = "aws_lambda_event_source_mapping";

/** What a function reads must be set up for it. */
export const eventSourceSettingsRules: readonly Rule[] = [
  {
    id: "dynamodb-stream-for-mapping",
    group: "dynamodb",
    demands: "A table that a function reads as a stream has its stream enabled",
    why: "Otherwise stream_arn is empty, and AWS rejects the mapping at apply.",
    fix: "Set streamEnabled: true and streamViewType on the table.",
    mirrors: [],
    check: each(mapping, (one) => {
      const table = one.follow("event_source_arn", "aws_dynamodb_table");
      return (
        table &&
        !table.mayBeTrue("stream_enabled") &&
        `${table.path} has stream_enabled ${table.text("stream_enabled") ?? "absent"}`
      );
    }),
  },
  {
    id: "dynamodb-stream-images",
    group: "dynamodb",
    demands: "A stream that a function reads contains item images, not only keys",
    why: "KEYS_ONLY shows that an item changed but not how. The function has to read the table, where the item may have changed again.",
    fix: 'Set streamViewType: "NEW_AND_OLD_IMAGES".',
    mirrors: [],
    check: each(mapping, (one) => {
      const table = one.follow("event_source_arn", "aws_dynamodb_table");
      return (
        table?.value("stream_view_type") === "KEYS_ONLY" && `${table.path} has stream_view_type KEYS_ONLY`
      );
    }),
  },
  {
    id: "sqs-visibility-timeout",
    group: "sqs",
    demands: "A queue's visibility timeout is at least the timeout of the function that reads it",
    why: "AWS rejects the mapping at apply: “Queue visibility timeout is less than Function timeout”.",
    fix: "Set visibilityTimeoutSeconds to six times the function's timeout.",
    mirrors: [],
    check: each(mapping, (one) => {
      const queue = one.follow("event_source_arn", "aws_sqs_queue");
      const lambda = one.follow("function_name", "aws_lambda_function");
      if (!queue || !lambda) return undefined;
      const visibility = queue.number("visibility_timeout_seconds") ?? 30;
      const timeout = lambda.number("timeout") ?? 3;
      return (
        visibility < timeout &&
        `the visibility timeout of ${queue.path} is ${visibility} seconds, the function's timeout ${timeout}`
      );
    }),
  },
  {
    id: "sqs-redrive",
    group: "sqs",
    demands: "A queue that a function reads has a redrive policy",
    why: "Otherwise a message that fails is retried until it expires, and is then lost.",
    fix: "Set redrivePolicy to JSON with deadLetterTargetArn and maxReceiveCount (5 for a function).",
    mirrors: ["AwsSolutions-SQS3", "cfn-lint-serverless ES6000"],
    check: each(mapping, (one) => {
      const queue = one.follow("event_source_arn", "aws_sqs_queue");
      if (!queue || queue.has("redrive_policy")) return undefined;
      return (
        queue.stack.pointingAt(queue, "aws_sqs_queue_redrive_policy", "queue_url").length === 0 &&
        `${queue.path} has no redrive_policy`
      );
    }),
  },
];
