import { each, type Rule } from "../rule";
import { asRecord, asRecords } from "../stack-view";

export const stackRules: readonly Rule[] = [
  {
    id: "stack-remote-state",
    group: "stack",
    demands: "Terraform's state is not kept on the machine that applies",
    why: "Another machine, a pipeline for one, knows nothing of it and makes everything a second time.",
    fix: "Add an S3Backend to the stack.",
    mirrors: [],
    check: ({ stack }) => {
      const backend = asRecord(stack.json.terraform?.backend);
      return backend?.local ? [{ found: "the backend is local" }] : [];
    },
  },
  {
    id: "stack-state-locked",
    group: "stack",
    demands: "Terraform's state in S3 is locked and encrypted",
    why: "Two applies at once write over each other's state; and the state holds every value in clear text.",
    fix: 'Set encrypt: true and use_lockfile: true (backend.addOverride("use_lockfile", true)), or dynamodbTable.',
    mirrors: [],
    check: ({ stack }) => {
      const s3 = asRecords(asRecord(stack.json.terraform?.backend)?.s3)[0];
      if (!s3) return [];
      return [
        ...(s3.use_lockfile === true || s3.dynamodb_table
          ? []
          : [{ found: "neither use_lockfile nor dynamodb_table is set" }]),
        ...(s3.encrypt === true ? [] : [{ found: "encrypt is not true" }]),
      ];
    },
  },
  {
    id: "stack-no-data-of-secrets",
    group: "stack",
    demands: "No parameter of type String and no secret's value stands in the stack in clear text",
    why: "Everybody who reads the code, the synthesized JSON or the state has it.",
    fix: "Make the parameter or the secret without a value, and set that by hand or by rotation; type SecureString for parameters.",
    mirrors: ["CKV2_AWS_34"],
    check: each(["aws_ssm_parameter", "aws_secretsmanager_secret_version"], (one) => {
      if (one.type === "aws_secretsmanager_secret_version")
        return one.text("secret_string") !== undefined && "secret_string is written";
      const secret = /(password|passwd|secret|api-?key|private-?key|token|credential)s?$/i.test(
        one.text("name") ?? "",
      );
      return secret && one.value("type") === "String" && `${one.text("name")} has type String`;
    }),
  },
  {
    id: "stack-region-matches",
    group: "stack",
    demands: "ARNs and functions are of the provider's Region",
    why: "AWS refuses a queue or a topic of another Region at apply, or the call never arrives.",
    fix: "Take ARNs from the resources instead of writing them.",
    mirrors: [],
    check: ({ stack }) => {
      const [provider] = asRecords(stack.evaluate(stack.json.provider?.aws));
      const region = provider?.region;
      if (
        typeof region !== "string" ||
        region.includes("${") ||
        asRecords(stack.json.provider?.aws).length > 1
      )
        return [];
      return regional.flatMap(([type, attribute]) =>
        stack.all(type).flatMap((resource) =>
          resource.texts(attribute).flatMap((arn) => {
            const [, , , other] = arn.startsWith("arn:") ? arn.split(":") : [];
            return other && !other.includes("$") && other !== region
              ? [{ resource, found: `${attribute} is ${arn}, the provider's Region ${region}` }]
              : [];
          }),
        ),
      );
    },
  },
];

/** Attributes that take an ARN of the same Region only. */
const regional = [
  ["aws_lambda_function", "dead_letter_config.target_arn"],
  ["aws_lambda_function", "kms_key_arn"],
  ["aws_lambda_event_source_mapping", "event_source_arn"],
  ["aws_cloudwatch_metric_alarm", "alarm_actions"],
  ["aws_api_gateway_stage", "access_log_settings.destination_arn"],
  ["aws_cloudwatch_log_subscription_filter", "destination_arn"],
] as const;
