import { mayEndWith, unknownPart, withUnknownParts } from "../partly-known";
import type { Rule } from "../rule";
import type { Resource, StackView } from "../stack-view";

interface NamedType {
  readonly attribute: string;
  readonly maximum: number;
  /** What each character must match. */
  readonly characters: RegExp;
  /** What the whole name must match too. */
  readonly form?: RegExp;
  /** Whether the name must be unique in an account and Region. @default true */
  readonly unique?: boolean;
}

const queueName: NamedType = { attribute: "name", maximum: 80, characters: /^[\w-]*(\.fifo)?$/ };

/** The attribute that names a resource, and the names that its service accepts. Source: each service's API reference. */
const namedTypes: Readonly<Record<string, NamedType>> = {
  aws_api_gateway_rest_api: { attribute: "name", maximum: 1_024, characters: /^[\s\S]*$/, unique: false },
  aws_budgets_budget: { attribute: "name", maximum: 100, characters: /^[^:\\]*$/ },
  aws_cloudwatch_composite_alarm: { attribute: "alarm_name", maximum: 255, characters: /^[\x20-\x7e]*$/ },
  aws_cloudwatch_dashboard: { attribute: "dashboard_name", maximum: 255, characters: /^[\w-]*$/ },
  aws_cloudwatch_event_bus: { attribute: "name", maximum: 256, characters: /^[\w./-]*$/ },
  aws_cloudwatch_event_rule: { attribute: "name", maximum: 64, characters: /^[\w.-]*$/ },
  aws_cloudwatch_log_group: { attribute: "name", maximum: 512, characters: /^[\w./#-]*$/ },
  aws_cloudwatch_metric_alarm: { attribute: "alarm_name", maximum: 255, characters: /^[\x20-\x7e]*$/ },
  aws_dynamodb_table: { attribute: "name", maximum: 255, characters: /^[\w.-]*$/, form: /^.{3}/ },
  aws_iam_policy: { attribute: "name", maximum: 128, characters: /^[\w+=,.@-]*$/ },
  aws_iam_role: { attribute: "name", maximum: 64, characters: /^[\w+=,.@-]*$/ },
  aws_kinesis_firehose_delivery_stream: { attribute: "name", maximum: 64, characters: /^[\w.-]*$/ },
  aws_kms_alias: {
    attribute: "name",
    maximum: 256,
    characters: /^[\w/-]*$/,
    form: /^alias\/(?!aws\/)./,
  },
  aws_lambda_function: { attribute: "function_name", maximum: 64, characters: /^[\w-]*$/ },
  aws_scheduler_schedule: { attribute: "name", maximum: 64, characters: /^[\w.-]*$/ },
  aws_sns_topic: { ...queueName, maximum: 256 },
  aws_sqs_queue: queueName,
  aws_ssm_parameter: {
    attribute: "name",
    maximum: 1_011,
    characters: /^[\w./-]*$/,
    form: /^(?!\/(aws|ssm)(\/|$)|(aws|ssm))/i,
  },
  aws_wafv2_web_acl: { attribute: "name", maximum: 128, characters: /^[\w-]*$/ },
};

/** Bucket names have their own rule. */
const bucket: NamedType = {
  attribute: "bucket",
  maximum: 63,
  characters: /^[a-z0-9-]*$/,
  form: /^[a-z0-9].+[a-z0-9]$/,
};

/** Types whose name another service prescribes or whose path contains the environment. */
const namedElsewhere = new Set(["aws_cloudwatch_log_group", "aws_ssm_parameter"]);

interface Named {
  readonly resource: Resource;
  readonly type: NamedType;
  readonly name: string;
  /** The name with {@link unknownPart} in place of each expression that only Terraform knows. */
  readonly form: string;
}

function namesOf(stack: StackView): readonly Named[] {
  const types = { ...namedTypes, aws_s3_bucket: bucket };
  return Object.entries(types).flatMap(([type, named]) =>
    stack.all(type).flatMap((resource) => {
      const name = resource.value(named.attribute);
      return typeof name === "string" ? [{ resource, type: named, name, form: withUnknownParts(name) }] : [];
    }),
  );
}

/** How many characters a name has at least. */
function minimumLength(form: string): number {
  return form.replaceAll(unknownPart, "").length;
}

/** Whether no value of the unknown parts makes a name acceptable. */
function isRefused({ type, form }: Named): boolean {
  const literals = form.split(unknownPart);
  if (literals.some((literal) => !type.characters.test(literal))) return true;
  return literals.length === 1 && (form === "" || type.form?.test(form) === false);
}

export const namingRules: readonly Rule[] = [
  {
    id: "naming-length",
    group: "naming",
    demands: "No name is longer than its service accepts",
    why: "AWS rejects it at apply, often only in the environment with the longest name.",
    fix: "Shorten the name of the application, the environment or the resource.",
    mirrors: [],
    check: ({ stack }) =>
      namesOf(stack).flatMap(({ resource, type, name, form }) =>
        minimumLength(form) > type.maximum
          ? [
              {
                resource,
                found: `${type.attribute} has ${minimumLength(form)} characters, at most ${type.maximum} are allowed: ${name}`,
              },
            ]
          : [],
      ),
  },
  {
    id: "naming-characters",
    group: "naming",
    demands: "Names contain only characters that their service accepts",
    why: "AWS rejects them at apply.",
    fix: "Use only letters, digits and hyphens.",
    mirrors: [],
    check: ({ stack }) =>
      namesOf(stack).flatMap((named) =>
        named.type !== bucket && isRefused(named)
          ? [{ resource: named.resource, found: `${named.type.attribute} is ${JSON.stringify(named.name)}` }]
          : [],
      ),
  },
  {
    id: "naming-bucket",
    group: "naming",
    demands:
      "A bucket name has 3 to 63 characters from a-z, 0-9 and -, and no prefix or suffix that S3 reserves",
    why: "AWS rejects it at apply. A dot in the name breaks TLS.",
    fix: "Use only lower-case letters, digits and hyphens.",
    mirrors: [],
    check: ({ stack }) =>
      namesOf(stack).flatMap((named) => {
        if (named.type !== bucket) return [];
        const { form, name, resource } = named;
        const reserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(
          form,
        );
        return isRefused(named) || reserved ? [{ resource, found: `bucket is ${JSON.stringify(name)}` }] : [];
      }),
  },
  {
    id: "naming-suffix",
    group: "naming",
    demands: "Every name that must be unique in the account ends with the environment's name",
    why: "Otherwise a second environment takes over the first one's table, or fails at apply because the name is taken.",
    fix: "End the name with -<environment>.",
    mirrors: [],
    check: ({ stack, settings: { nameSuffix } }) => {
      if (!nameSuffix) return [];
      return namesOf(stack).flatMap(({ resource, type, name, form }) => {
        const parts = namedElsewhere.has(resource.type) ? form.split("/") : [form];
        const mayHaveSuffix = parts.some(
          (part) => part === nameSuffix || mayEndWith(part.replace(/\.fifo$/, ""), `-${nameSuffix}`),
        );
        return mayHaveSuffix
          ? []
          : [{ resource, found: `${type.attribute} is ${name}, which does not end with -${nameSuffix}` }];
      });
    },
  },
  {
    id: "naming-unique",
    group: "naming",
    demands: "No two resources of a type have the same name",
    why: "The second overwrites the first, or AWS rejects it at apply.",
    fix: "Give each its own name.",
    mirrors: [],
    check: ({ stack }) => {
      const seen = new Map<string, Resource>();
      return namesOf(stack).flatMap(({ resource, type, name }) => {
        if (type.unique === false || resource.isUnknown(type.attribute)) return [];
        const key = `${resource.type} ${name}`;
        const first = seen.get(key);
        seen.set(key, resource);
        return first ? [{ resource, found: `${first.path} is also named ${name}` }] : [];
      });
    },
  },
];
