import type { TerraformState } from "../lib/terraform-state";
import { instancesOf } from "../lib/terraform-state";

type Attributes = Readonly<Record<string, unknown>>;

/** By type and attribute, why it can differ from the state without drift. */
const changesByItself: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_lambda_function: {
    last_modified: "the time of the last update: what was updated is compared",
    qualified_arn: "contains version",
    qualified_invoke_arn: "contains version",
    version: "a version that no alias points to serves nobody: the alias and the code's hash are compared",
  },
  aws_lambda_event_source_mapping: {
    last_modified: "the time of the last update",
    last_processing_result: "what happened to the last batch",
    state: "passes through Enabling and Updating: enabled is compared",
    state_transition_reason: "follows state",
  },
  aws_ssm_parameter: { version: "counts the updates: the value is compared" },
  aws_kinesis_firehose_delivery_stream: { version_id: "counts the updates: the destination is compared" },
  aws_s3_object: { version_id: "counts the writes: the content's hash is compared" },
  aws_sns_topic_subscription: { pending_confirmation: "whether the recipient has confirmed" },
  aws_iam_policy: {
    attachment_count: "callers' roles attach this policy",
    policy_id: "new if the policy is created again: everything else is compared",
  },
  aws_iam_role: {
    create_date: "new if the role is created again: everything else is compared",
    unique_id: "new if the role is created again: a policy that named the old one shows it",
    inline_policy: "compared by the inventory, and by aws_iam_role_policy",
    managed_policy_arns: "compared by the inventory, and by aws_iam_role_policy_attachment",
  },
};

/** Every resource's tags are compared as tags_all, which contains the provider's default tags. */
const everywhere: Readonly<Record<string, string>> = { tags: "compared as tags_all" };

interface Owner {
  readonly type: string;
  /** The owner's attribute that names this resource, and this resource's own. */
  readonly by: readonly [string, string];
}

/**
 * Attributes that another resource sets after this one was written to the state. If the state has that resource, its own
 * attributes are compared instead.
 */
const owners: Readonly<Record<string, Readonly<Record<string, Owner>>>> = {
  aws_s3_bucket: Object.fromEntries(
    Object.entries({
      policy: "policy",
      versioning: "versioning",
      lifecycle_rule: "lifecycle_configuration",
      server_side_encryption_configuration: "server_side_encryption_configuration",
      cors_rule: "cors_configuration",
      logging: "logging",
      website: "website_configuration",
      replication_configuration: "replication_configuration",
      acceleration_status: "accelerate_configuration",
      request_payer: "request_payment_configuration",
      grant: "acl",
    }).map(([attribute, suffix]) => [attribute, { type: `aws_s3_bucket_${suffix}`, by: ["bucket", "id"] }]),
  ),
  aws_sns_topic: { policy: { type: "aws_sns_topic_policy", by: ["arn", "arn"] } },
  aws_sqs_queue: {
    policy: { type: "aws_sqs_queue_policy", by: ["queue_url", "url"] },
    redrive_policy: { type: "aws_sqs_queue_redrive_policy", by: ["queue_url", "url"] },
    redrive_allow_policy: { type: "aws_sqs_queue_redrive_allow_policy", by: ["queue_url", "url"] },
  },
  aws_api_gateway_rest_api: {
    policy: { type: "aws_api_gateway_rest_api_policy", by: ["rest_api_id", "id"] },
  },
  aws_kms_key: { policy: { type: "aws_kms_key_policy", by: ["key_id", "key_id"] } },
};

/** RemovedParts reads a parameter as one resource, and overwrites it as another. Another Region can have the same name. */
function isOverwritten(state: TerraformState, { arn, overwrite }: Attributes): boolean {
  if (overwrite === true) return false;
  return instancesOf(state, "aws_ssm_parameter").some((one) => one.arn === arn && one.overwrite === true);
}

/** @returns why an attribute of a resource is not compared; undefined if it is */
export function reasonNotToCompare(
  state: TerraformState,
  type: string,
  attributes: Attributes,
  attribute: string,
): string | undefined {
  const reason = everywhere[attribute] ?? changesByItself[type]?.[attribute];
  if (reason !== undefined) return reason;
  if (type === "aws_ssm_parameter" && isOverwritten(state, attributes)) {
    return "another resource of the state overwrites this parameter, and is compared";
  }
  const owner = owners[type]?.[attribute];
  if (!owner) return undefined;
  const [theirs, ours] = owner.by;
  const isOwned = instancesOf(state, owner.type).some((one) => one[theirs] === attributes[ours]);
  return isOwned ? `compared as ${owner.type}` : undefined;
}
