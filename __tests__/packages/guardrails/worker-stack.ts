import type { TerraformJson } from "../../../packages/guardrails/stack-view";

const json = (value: unknown): string => JSON.stringify(value);

/** Denies an action without TLS, as the policies of several services must. */
const denyWithoutTls = (action: string, resource: string) => ({
  Effect: "Deny",
  Principal: "*",
  Action: action,
  Resource: resource,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** Lets a service send to a queue for one source. */
const allowSend = (service: string, queue: string, source: string) => ({
  Effect: "Allow",
  Principal: { Service: service },
  Action: "sqs:SendMessage",
  Resource: queue,
  Condition: { ArnEquals: { "aws:SourceArn": source } },
});

const policy = (...statements: readonly object[]): string =>
  json({ Version: "2012-10-17", Statement: statements });

const trust = (service: string): string =>
  policy({ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" });

const alarm = (name: string, namespace: string, metric: string, dimensions: object) => ({
  alarm_name: name,
  alarm_description: "Check the worker's log first.",
  namespace,
  metric_name: metric,
  dimensions,
  statistic: "Sum",
  comparison_operator: "GreaterThanThreshold",
  threshold: 0,
  period: 60,
  evaluation_periods: 1,
  treat_missing_data: "notBreaching",
  alarm_actions: ["${aws_sns_topic.alarms.arn}"],
});

/** A good stack with parts that the service's stacks lack: a queue with a reader, event rules, an HTTP API, a subscription. */
export const workerStack: TerraformJson = {
  terraform: {
    backend: {
      s3: { bucket: "state", key: "worker", region: "eu-west-1", encrypt: true, use_lockfile: true },
    },
  },
  provider: {
    aws: [{ region: "eu-west-1", default_tags: [{ tags: { Environment: "test", Owner: "team" } }] }],
  },
  data: {
    aws_iam_policy_document: {
      worker: {
        statement: [
          {
            actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            resources: ["${aws_sqs_queue.jobs.arn}"],
          },
          { actions: ["sqs:SendMessage"], resources: ["${aws_sqs_queue.failed.arn}"] },
          {
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: ["${aws_cloudwatch_log_group.worker.arn}:*"],
          },
          { actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] },
          { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::reports/*"] },
        ],
      },
    },
  },
  resource: {
    aws_sqs_queue: {
      jobs: {
        name: "jobs",
        sqs_managed_sse_enabled: true,
        visibility_timeout_seconds: 60,
        redrive_policy:
          '${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.failed.arn, "maxReceiveCount" = 5})}',
      },
      failed: { name: "jobs-failed", sqs_managed_sse_enabled: true, message_retention_seconds: 1_209_600 },
    },
    aws_sqs_queue_policy: {
      jobs: {
        queue_url: "${aws_sqs_queue.jobs.id}",
        policy: policy(
          denyWithoutTls("sqs:*", "${aws_sqs_queue.jobs.arn}"),
          allowSend("sns.amazonaws.com", "${aws_sqs_queue.jobs.arn}", "${aws_sns_topic.alarms.arn}"),
        ),
      },
      failed: {
        queue_url: "${aws_sqs_queue.failed.id}",
        policy: policy(
          denyWithoutTls("sqs:*", "${aws_sqs_queue.failed.arn}"),
          allowSend("sns.amazonaws.com", "${aws_sqs_queue.failed.arn}", "${aws_sns_topic.alarms.arn}"),
          allowSend(
            "events.amazonaws.com",
            "${aws_sqs_queue.failed.arn}",
            "${aws_cloudwatch_event_rule.placed.arn}",
          ),
        ),
      },
    },
    aws_iam_role: { worker: { name: "worker", assume_role_policy: trust("lambda.amazonaws.com") } },
    aws_iam_role_policy: {
      worker: {
        name: "worker",
        role: "${aws_iam_role.worker.id}",
        policy: "${data.aws_iam_policy_document.worker.json}",
      },
    },
    aws_cloudwatch_log_group: { worker: { name: "/aws/lambda/worker", retention_in_days: 14 } },
    aws_lambda_function: {
      worker: {
        function_name: "worker",
        role: "${aws_iam_role.worker.arn}",
        runtime: "nodejs22.x",
        handler: "index.handler",
        s3_bucket: "artifacts",
        s3_key: "worker.zip",
        source_code_hash: "c29tZSBoYXNo",
        memory_size: 256,
        timeout: 10,
        reserved_concurrent_executions: 5,
        dead_letter_config: { target_arn: "${aws_sqs_queue.failed.arn}" },
        tracing_config: { mode: "Active" },
        depends_on: ["aws_iam_role_policy.worker", "aws_cloudwatch_log_group.worker"],
      },
    },
    aws_lambda_event_source_mapping: {
      jobs: {
        event_source_arn: "${aws_sqs_queue.jobs.arn}",
        function_name: "${aws_lambda_function.worker.arn}",
        batch_size: 10,
        function_response_types: ["ReportBatchItemFailures"],
      },
    },
    aws_lambda_function_url: {
      worker: { function_name: "${aws_lambda_function.worker.function_name}", authorization_type: "AWS_IAM" },
    },
    aws_cloudwatch_event_bus: { orders: { name: "orders" } },
    aws_cloudwatch_event_rule: {
      placed: {
        name: "order-placed",
        event_bus_name: "${aws_cloudwatch_event_bus.orders.name}",
        event_pattern: json({ source: ["shop"], "detail-type": ["OrderPlaced"] }),
      },
      nightly: { name: "nightly", schedule_expression: "cron(0 3 * * ? *)" },
    },
    aws_cloudwatch_event_target: {
      placed: {
        rule: "${aws_cloudwatch_event_rule.placed.name}",
        event_bus_name: "${aws_cloudwatch_event_bus.orders.name}",
        arn: "${aws_lambda_function.worker.arn}",
        dead_letter_config: { arn: "${aws_sqs_queue.failed.arn}" },
      },
    },
    aws_lambda_permission: {
      placed: {
        action: "lambda:InvokeFunction",
        function_name: "${aws_lambda_function.worker.function_name}",
        principal: "events.amazonaws.com",
        source_arn: "${aws_cloudwatch_event_rule.placed.arn}",
      },
    },
    aws_apigatewayv2_stage: {
      live: {
        api_id: "abc",
        name: "live",
        access_log_settings: {
          destination_arn: "${aws_cloudwatch_log_group.worker.arn}",
          format: "$context.requestId",
        },
      },
    },
    aws_apigatewayv2_route: {
      orders: { api_id: "abc", route_key: "GET /orders", authorization_type: "AWS_IAM" },
    },
    aws_sns_topic: { alarms: { name: "alarms" } },
    aws_sns_topic_policy: {
      alarms: {
        arn: "${aws_sns_topic.alarms.arn}",
        policy: policy(denyWithoutTls("sns:Publish", "${aws_sns_topic.alarms.arn}"), {
          Sid: "Alarms",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: "${aws_sns_topic.alarms.arn}",
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        }),
      },
    },
    aws_sns_topic_subscription: {
      operator: { topic_arn: "${aws_sns_topic.alarms.arn}", protocol: "email", endpoint: "ops@example.com" },
      worker: {
        topic_arn: "${aws_sns_topic.alarms.arn}",
        protocol: "sqs",
        endpoint: "${aws_sqs_queue.jobs.arn}",
        redrive_policy: '${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.failed.arn})}',
      },
    },
    aws_cloudwatch_metric_alarm: {
      errors: alarm("worker-errors", "AWS/Lambda", "Errors", {
        FunctionName: "${aws_lambda_function.worker.function_name}",
      }),
      failed: alarm("worker-failed", "AWS/SQS", "ApproximateNumberOfMessagesVisible", {
        QueueName: "${aws_sqs_queue.failed.name}",
      }),
    },
    aws_cloudwatch_composite_alarm: {
      worker: {
        alarm_name: "worker",
        alarm_description: "Check the worker's log first.",
        alarm_rule: "ALARM(${aws_cloudwatch_metric_alarm.errors.alarm_name}) OR ALARM(worker-failed)",
        alarm_actions: ["${aws_sns_topic.alarms.arn}"],
      },
    },
    aws_cloudwatch_log_metric_filter: {
      slow: {
        name: "slow",
        log_group_name: "${aws_cloudwatch_log_group.worker.name}",
        pattern: "{ $.duration > 1000 }",
        metric_transformation: { name: "Slow", namespace: "Shop", value: "1" },
      },
    },
    aws_ssm_parameter: { url: { name: "/shop/url", type: "String", value: "https://example.com" } },
  },
};
