import { add, both, set } from "../edit";
import type { Legitimate } from "./legitimate";
import {
  errorAlarm,
  fn,
  functionAttributes,
  functionRole,
  functionStatements,
  logGroup,
  policy,
  trust,
} from "./parts";

const attached = (id: string, arn: string) =>
  add("aws_iam_role_policy_attachment", id, { role: `\${aws_iam_role.${id}.name}`, policy_arn: arn });

/** Functions with layers, in a VPC, as images, in other languages, and with parts that other stacks own. */
export const functionVariants: readonly Legitimate[] = [
  {
    variant: "an exec wrapper of an OpenTelemetry layer",
    parts: fn("wrapped", {
      layers: ["arn:aws:lambda:eu-west-1:901920570463:layer:aws-otel-nodejs-arm64-ver-1-30-2:1"],
      environment: { variables: { AWS_LAMBDA_EXEC_WRAPPER: "/opt/otel-handler" } },
    }),
  },
  {
    variant: "variables that Lambda and Node.js read",
    parts: fn("tuned", {
      environment: {
        variables: {
          NODE_OPTIONS: "--enable-source-maps",
          TZ: "Europe/Oslo",
          AWS_NODEJS_CONNECTION_REUSE_ENABLED: "1",
          AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
          AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
        },
      },
    }),
  },
  {
    variant: "a variable with a name of one letter and digits",
    parts: fn("short", { environment: { variables: { A1: "x", ab: "y" } } }),
  },
  {
    variant: "a function in a VPC with AWS's managed policy, which also grants its logs",
    parts: both(
      add("aws_iam_role", "vpc", { name: "vpc", assume_role_policy: trust("lambda.amazonaws.com") }),
      add("aws_iam_role_policy", "vpc", {
        name: "vpc",
        role: "${aws_iam_role.vpc.id}",
        policy: policy(...functionStatements("vpc").slice(1)),
      }),
      attached("vpc", "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"),
      logGroup("vpc"),
      add(
        "aws_lambda_function",
        "vpc",
        functionAttributes("vpc", {
          vpc_config: { subnet_ids: "${var.subnets}", security_group_ids: ["sg-1"] },
        }),
      ),
      errorAlarm("vpc"),
    ),
  },
  {
    variant: "a function in a VPC that manages its network interfaces by an inline policy",
    parts: fn(
      "inline",
      { vpc_config: { subnet_ids: ["subnet-1"], security_group_ids: ["sg-1"] } },
      {
        Effect: "Allow",
        Action: [
          "ec2:CreateNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeSubnets",
          "ec2:AssignPrivateIpAddresses",
          "ec2:UnassignPrivateIpAddresses",
        ],
        Resource: "*",
      },
    ),
  },
  {
    variant: "a container image",
    parts: fn("image", {
      package_type: "Image",
      image_uri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:abc",
      handler: undefined,
      runtime: undefined,
      s3_bucket: undefined,
      s3_key: undefined,
      source_code_hash: undefined,
    }),
  },
  {
    variant: "a container image with a command",
    parts: fn("command", {
      package_type: "Image",
      image_uri: "${var.image}",
      image_config: { command: ["dist/index.handler"] },
      handler: undefined,
      runtime: undefined,
      s3_bucket: undefined,
      s3_key: undefined,
      source_code_hash: undefined,
    }),
  },
  { variant: "a function in Python", parts: fn("python", { runtime: "python3.13", handler: "app.main" }) },
  {
    variant: "a function in Java",
    parts: fn("java", { runtime: "java21", handler: "com.example.Handler::run" }),
  },
  {
    variant: "a function with a runtime of its own",
    parts: fn("own-runtime", { runtime: "provided.al2023", handler: "bootstrap" }),
  },
  {
    variant: "a log group by data source",
    parts: both(
      add("data.aws_cloudwatch_log_group", "shared", { name: "/aws/lambda/shared" }),
      functionRole("by-data", {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: "${data.aws_cloudwatch_log_group.shared.arn}:*",
      }),
      logGroup("by-data", { name: "unused" }),
      add(
        "aws_lambda_function",
        "by-data",
        functionAttributes("by-data", {
          logging_config: { log_format: "JSON", log_group: "${data.aws_cloudwatch_log_group.shared.name}" },
        }),
      ),
      errorAlarm("by-data"),
    ),
  },
  {
    variant: "a log group by data source whose name follows from the function's",
    parts: both(
      fn("followed"),
      set("aws_cloudwatch_log_group", "followed", "name", "elsewhere"),
      add("data.aws_cloudwatch_log_group", "followed", { name: "/aws/lambda/followed" }),
    ),
  },
  {
    variant: "a log group that a module creates",
    parts: both(
      fn("by-module", {
        logging_config: { log_format: "JSON", log_group: "${module.logs.group_name}" },
      }),
      set("aws_cloudwatch_log_group", "by-module", "name", "elsewhere"),
    ),
  },
  {
    variant: "two functions that share a log group",
    parts: both(
      fn("one", {
        logging_config: { log_format: "JSON", log_group: "${aws_cloudwatch_log_group.one.name}" },
      }),
      fn(
        "two",
        { logging_config: { log_format: "JSON", log_group: "${aws_cloudwatch_log_group.one.name}" } },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: "${aws_cloudwatch_log_group.one.arn}:*",
        },
      ),
    ),
  },
  {
    variant: "another team's dead-letter queue by variable",
    parts: fn(
      "their-queue",
      { dead_letter_config: { target_arn: "${var.dlq_arn}" } },
      { Effect: "Allow", Action: "sqs:SendMessage", Resource: "${var.dlq_arn}" },
    ),
  },
  {
    variant: "another team's dead-letter queue by data source",
    parts: both(
      add("data.aws_sqs_queue", "theirs", { name: "theirs" }),
      fn(
        "their-data",
        { dead_letter_config: { target_arn: "${data.aws_sqs_queue.theirs.arn}" } },
        { Effect: "Allow", Action: "sqs:SendMessage", Resource: "${data.aws_sqs_queue.theirs.arn}" },
      ),
    ),
  },
  {
    variant: "an on-failure destination in place of a dead-letter queue",
    parts: both(
      fn("destination", { dead_letter_config: undefined }),
      add("aws_lambda_function_event_invoke_config", "destination", {
        function_name: "${aws_lambda_function.destination.function_name}",
        destination_config: { on_failure: { destination: "${aws_sqs_queue.failed.arn}" } },
      }),
    ),
  },
  {
    variant: "two aliases with a permission on each",
    parts: both(
      fn("aliased", { publish: true }),
      ...["live", "canary"].flatMap((name) => [
        add("aws_lambda_alias", name, {
          name,
          function_name: "${aws_lambda_function.aliased.function_name}",
          function_version: "${aws_lambda_function.aliased.version}",
        }),
        add("aws_lambda_permission", name, {
          action: "lambda:InvokeFunction",
          function_name: "${aws_lambda_function.aliased.function_name}",
          qualifier: `\${aws_lambda_alias.${name}.name}`,
          principal: "events.amazonaws.com",
          source_arn: "${aws_cloudwatch_event_rule.placed.arn}",
        }),
      ]),
    ),
  },
  {
    variant: "an alias that shifts traffic",
    parts: both(
      fn("shifting", { publish: true }),
      add("aws_lambda_alias", "shifting", {
        name: "live",
        function_name: "${aws_lambda_function.shifting.function_name}",
        function_version: "3",
        routing_config: { additional_version_weights: { "4": 0.1 } },
        lifecycle: { ignore_changes: ["function_version", "routing_config"] },
      }),
    ),
  },
  {
    variant: "Lambda@Edge, which has neither variables nor a dead-letter queue",
    parts: both(
      add("aws_iam_role", "edge", {
        name: "edge",
        assume_role_policy: trust("lambda.amazonaws.com", "edgelambda.amazonaws.com"),
      }),
      add("aws_iam_role_policy", "edge", {
        name: "edge",
        role: "${aws_iam_role.edge.id}",
        policy: policy({
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: "arn:aws:logs:*:123456789012:log-group:/aws/lambda/us-east-1.edge:*",
        }),
      }),
      add("aws_lambda_function", "edge", {
        provider: "aws.us-east-1",
        function_name: "edge",
        role: "${aws_iam_role.edge.arn}",
        runtime: "nodejs22.x",
        handler: "index.handler",
        s3_bucket: "artifacts",
        s3_key: "edge.zip",
        source_code_hash: "c29tZSBoYXNo",
        memory_size: 128,
        timeout: 5,
        publish: true,
      }),
    ),
    options: {
      suppressions: [
        "lambda-dead-letter-queue",
        "lambda-log-group",
        "lambda-reserved-concurrency",
        "lambda-tracing",
        "alarms-function-errors",
      ].map((rule) => ({ rule, resource: "aws_lambda_function.edge", reason: "CloudFront runs it" })),
    },
  },
  {
    variant: "code that another pipeline deploys",
    parts: fn("elsewhere", {
      s3_bucket: "${var.bucket}",
      s3_key: "${var.key}",
      source_code_hash: undefined,
      lifecycle: { ignore_changes: ["s3_key", "source_code_hash"] },
    }),
  },
  {
    variant: "code by the version of its object",
    parts: fn("versioned", { source_code_hash: undefined, s3_object_version: "${var.version_id}" }),
  },
  {
    variant: "a queue's readers limited to the function's reserved concurrency",
    parts: both(
      fn(
        "limited",
        { reserved_concurrent_executions: 2 },
        {
          Effect: "Allow",
          Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          Resource: "${aws_sqs_queue.jobs.arn}",
        },
      ),
      add("aws_lambda_event_source_mapping", "limited", {
        event_source_arn: "${aws_sqs_queue.jobs.arn}",
        function_name: "${aws_lambda_function.limited.arn}",
        batch_size: 10,
        function_response_types: ["ReportBatchItemFailures"],
        scaling_config: { maximum_concurrency: 2 },
      }),
    ),
  },
  {
    variant: "SnapStart on published versions",
    parts: fn("snap", {
      runtime: "java21",
      handler: "com.example.Handler::run",
      publish: true,
      snap_start: { apply_on: "PublishedVersions" },
    }),
  },
  {
    variant: "the largest ephemeral storage",
    parts: fn("disk", { ephemeral_storage: { size: 10_240 } }),
  },
  { variant: "the largest memory and timeout", parts: fn("large", { memory_size: 10_240, timeout: 900 }) },
  {
    variant: "a function URL for one role",
    parts: both(
      fn("url"),
      add("aws_lambda_function_url", "url", {
        function_name: "${aws_lambda_function.url.function_name}",
        authorization_type: "AWS_IAM",
        invoke_mode: "RESPONSE_STREAM",
      }),
      add("aws_lambda_permission", "url", {
        action: "lambda:InvokeFunctionUrl",
        function_name: "${aws_lambda_function.url.function_name}",
        principal: "arn:aws:iam::123456789012:role/caller",
        function_url_auth_type: "AWS_IAM",
      }),
    ),
  },
  {
    variant: "a function URL with CORS for one origin and credentials",
    parts: both(
      fn("cors"),
      add("aws_lambda_function_url", "cors", {
        function_name: "${aws_lambda_function.cors.function_name}",
        authorization_type: "AWS_IAM",
        cors: { allow_origins: ["https://app.example.com"], allow_credentials: true, max_age: 86_400 },
      }),
    ),
  },
  {
    variant: "a public function URL, suppressed with a reason, with the permissions it needs",
    parts: both(
      fn("public"),
      add("aws_lambda_function_url", "public", {
        function_name: "${aws_lambda_function.public.function_name}",
        authorization_type: "NONE",
      }),
      add("aws_lambda_permission", "public-url", {
        action: "lambda:InvokeFunctionUrl",
        function_name: "${aws_lambda_function.public.function_name}",
        principal: "*",
        function_url_auth_type: "NONE",
      }),
      add("aws_lambda_permission", "public-invoke", {
        action: "lambda:InvokeFunction",
        function_name: "${aws_lambda_function.public.function_name}",
        principal: "*",
        invoked_via_function_url: true,
      }),
    ),
    options: {
      suppressions: [
        { rule: "lambda-url-authorized", resource: "aws_lambda_function_url.public", reason: "A webhook" },
        {
          rule: "lambda-permission-not-public",
          resource: "aws_lambda_permission.public-url",
          reason: "A webhook",
        },
        {
          rule: "lambda-permission-not-public",
          resource: "aws_lambda_permission.public-invoke",
          reason: "A webhook",
        },
      ],
    },
  },
];
