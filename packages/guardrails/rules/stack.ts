import { regionInArn, regionOf } from "../region";
import { each, type Rule } from "../rule";
import { asRecord, asRecords } from "../stack-view";

export const stackRules: readonly Rule[] = [
  {
    id: "stack-remote-state",
    group: "stack",
    demands: "Terraform's state is remote, not on the machine that applies",
    why: "Another machine, such as a pipeline, cannot see the state and creates everything a second time.",
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
    why: "Without a lock, concurrent applies overwrite each other's state. The state contains every value in clear text.",
    fix: 'Set encrypt: true and use_lockfile: true (backend.addOverride("use_lockfile", true)), or set dynamodbTable instead.',
    mirrors: [],
    check: ({ stack }) => {
      const s3 = asRecords(asRecord(stack.json.terraform?.backend)?.s3)[0];
      if (!s3) return [];
      return [
        ...(`${s3.use_lockfile}` === "true" || s3.dynamodb_table
          ? []
          : [{ found: "neither use_lockfile nor dynamodb_table is set" }]),
        ...(`${s3.encrypt}` === "true" ? [] : [{ found: "encrypt is not true" }]),
      ];
    },
  },
  {
    id: "stack-versions-pinned",
    group: "stack",
    demands: "Each provider has a source and one exact version, and Terraform's version is bounded",
    why: "Without them, the next `terraform init` can bring another provider, whose plan nobody has seen.",
    fix: 'Use the provider package that the stack was tested with, and set required_version, for example to ">= 1.10.0".',
    mirrors: [],
    check: ({ stack }) => {
      const { required_version: terraform, required_providers: providers } = stack.json.terraform ?? {};
      const needed = providers === undefined ? [] : Object.keys(stack.json.provider ?? {});
      return [
        ...(terraform === undefined || constraint.test(`${terraform}`)
          ? []
          : [{ found: `required_version is ${JSON.stringify(terraform)}` }]),
        ...[...new Set([...needed, ...Object.keys(asRecord(providers) ?? {})])].flatMap((name) => {
          const { source, version } = asRecord(asRecord(providers)?.[name]) ?? {};
          if (source && /^=?\s*\d+\.\d+\.\d+$/.test(`${version}`)) return [];
          return [
            { found: `provider ${name} has source ${source ?? "none"} and version ${version ?? "none"}` },
          ];
        }),
      ];
    },
  },
  {
    id: "stack-no-data-of-secrets",
    group: "stack",
    demands:
      "The stack contains no secret in clear text, neither as a String parameter nor as a secret's value",
    why: "Anyone who can read the code, the synthesized JSON or the state can read it.",
    fix: "Create the secret without a value, and set the value by hand or through rotation. Use type SecureString for a parameter.",
    mirrors: ["CKV2_AWS_34"],
    check: each(["aws_ssm_parameter", "aws_secretsmanager_secret_version"], (one) => {
      if (one.type === "aws_secretsmanager_secret_version")
        return one.text("secret_string") !== undefined && "secret_string is in clear text";
      const secret = /(password|passwd|secret|api-?key|private-?key|token|credential)s?$/i.test(
        one.text("name") ?? "",
      );
      return secret && one.value("type") === "String" && `${one.text("name")} has type String`;
    }),
  },
  {
    id: "stack-region-matches",
    group: "stack",
    demands: "ARNs are in the provider's Region",
    why: "AWS rejects a queue or a topic in another Region at apply, or the call never arrives.",
    fix: "Reference the resources' ARNs instead of writing them out.",
    mirrors: [],
    check: ({ stack }) => {
      return regional.flatMap(([type, attribute]) =>
        stack.all(type).flatMap((resource) =>
          resource.texts(attribute).flatMap((arn) => {
            const [own, other] = [regionOf(resource), regionInArn(arn)];
            return own && other && other !== own
              ? [{ resource, found: `${attribute} is ${arn}, but the provider's Region is ${own}` }]
              : [];
          }),
        ),
      );
    },
  },
];

/** A version that Terraform must have, such as `>= 1.10.0` or `~> 1.9, < 2.0`. */
const constraint = /^((>=|<=|~>|!=|[<>=])?\s*\d+(\.\d+){0,2}\s*(,\s*|$))+$/;

/** Attributes that accept only an ARN in the same Region. */
const regional = [
  ["aws_lambda_function", "dead_letter_config.target_arn"],
  ["aws_lambda_function", "kms_key_arn"],
  ["aws_lambda_event_source_mapping", "event_source_arn"],
  ["aws_cloudwatch_metric_alarm", "alarm_actions"],
  ["aws_api_gateway_stage", "access_log_settings.destination_arn"],
  ["aws_cloudwatch_log_subscription_filter", "destination_arn"],
] as const;
