import { literalsOf } from "../partly-known";
import { each, type Rule } from "../rule";
import { asRecord, type Resource } from "../stack-view";

interface PolicySize {
  readonly attribute: string;
  readonly maximum: number;
  readonly source: string;
}

/** How long a policy may be. IAM's identity policies have their own rule, which adds them up. */
const policySizes: Readonly<Record<string, PolicySize>> = {
  aws_api_gateway_rest_api_policy: {
    attribute: "policy",
    maximum: 8_192,
    source: "API Gateway's guide, Quotas",
  },
  aws_cloudwatch_event_bus_policy: {
    attribute: "policy",
    maximum: 10_240,
    source: "EventBridge's guide, Quotas",
  },
  aws_dynamodb_resource_policy: { attribute: "policy", maximum: 20_480, source: "DynamoDB's guide, Quotas" },
  aws_iam_role: {
    attribute: "assume_role_policy",
    maximum: 4_096,
    source: "IAM's guide, Quotas; 2,048 unless raised",
  },
  aws_kms_key: { attribute: "policy", maximum: 32_768, source: "KMS's guide, Quotas" },
  aws_kms_key_policy: { attribute: "policy", maximum: 32_768, source: "KMS's guide, Quotas" },
  aws_s3_bucket_policy: { attribute: "policy", maximum: 20_480, source: "S3's guide, Policies" },
  aws_secretsmanager_secret_policy: {
    attribute: "policy",
    maximum: 20_480,
    source: "Secrets Manager API, PutResourcePolicy",
  },
  aws_sns_topic_policy: { attribute: "policy", maximum: 30_720, source: "SNS's guide, Quotas" },
  aws_sqs_queue_policy: { attribute: "policy", maximum: 8_192, source: "SQS's guide, Quotas" },
};

/** Bytes of what is known of a text. What only Terraform knows may be empty. */
function knownBytes(text: string): number {
  return Buffer.byteLength(literalsOf(text).join(""));
}

/** Bytes that a standard and an advanced parameter hold. Source: Systems Manager API, PutParameter. */
const parameterBytes: Readonly<Record<string, number>> = {
  Standard: 4_096,
  Advanced: 8_192,
  "Intelligent-Tiering": 8_192,
};

function valueIn(parameter: Resource): string {
  return ["value", "insecure_value", "value_wo"].map((name) => `${parameter.value(name) ?? ""}`).join("");
}

export const sizeRules: readonly Rule[] = [
  {
    id: "stack-policy-size",
    group: "stack",
    demands: "A resource's policy and a role's trust policy are no longer than their service accepts",
    why: "AWS rejects the policy at apply, when the resource already exists.",
    fix: "Use patterns and conditions in place of lists.",
    mirrors: [],
    check: each(Object.keys(policySizes), (one) => {
      const { attribute, maximum, source } = policySizes[one.type] ?? {};
      if (attribute === undefined || maximum === undefined) return undefined;
      const policy = one.json(attribute);
      const size = asRecord(policy) ? knownBytes(JSON.stringify(policy)) : 0;
      return size > maximum && `${attribute} has ${size} bytes, at most ${maximum} are accepted (${source})`;
    }),
  },
  {
    id: "stack-parameter-size",
    group: "stack",
    demands: "A parameter's value has at most 4 KB, or 8 KB if it is an advanced one",
    why: "AWS rejects the parameter at apply. Letters outside ASCII take two bytes and more.",
    fix: 'Shorten the value, split it, or set tier: "Advanced".',
    mirrors: [],
    check: each("aws_ssm_parameter", (parameter) => {
      const maximum =
        parameterBytes[parameter.text("tier") ?? (parameter.has("tier") ? "Advanced" : "Standard")];
      const size = knownBytes(valueIn(parameter));
      return (
        maximum !== undefined &&
        size > maximum &&
        `its value has ${size} bytes, at most ${maximum} are accepted`
      );
    }),
  },
  {
    id: "sns-filter-policy",
    group: "sns",
    demands:
      "A subscription's filter is a JSON object of at most 5 attributes with lists of values, in at most 150 combinations",
    why: "AWS rejects the subscription at apply.",
    fix: "Name fewer values, or filter in the subscriber.",
    mirrors: [],
    check: each("aws_sns_topic_subscription", (subscription) => {
      if (!subscription.has("filter_policy") || subscription.isUnknown("filter_policy")) return undefined;
      const filter = asRecord(subscription.json("filter_policy"));
      if (!filter) return "filter_policy is not a JSON object";
      const lists = listsIn(filter);
      const combinations = lists.reduce((product, values) => product * values, 1);
      return [
        ...(lists.length > 5 ? [`filter_policy has ${lists.length} attributes`] : []),
        ...(combinations > 150 ? [`filter_policy has ${combinations} combinations of values`] : []),
      ];
    }),
  },
];

/** Lengths of the lists in a filter. Objects in a filter of the message's body are nested. */
function listsIn(filter: Readonly<Record<string, unknown>>): readonly number[] {
  return Object.values(filter).flatMap((value) => {
    if (Array.isArray(value)) return [value.length];
    const inner = asRecord(value);
    return inner ? listsIn(inner) : [1];
  });
}
