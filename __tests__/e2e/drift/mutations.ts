import type { DriftFinding } from "../../../scripts/drift/drift-finding";
import type { TerraformState } from "../../../scripts/lib/terraform-state";
import type { Block, Json, Mutation, Resources } from "./mutation";
import { unsetAttributes } from "./unset-attributes";

/** Valid values of attributes that have only a few. Any other text gets a suffix. */
const choices: Readonly<Record<string, readonly string[]>> = {
  application_log_level: ["DEBUG", "WARN"],
  system_log_level: ["WARN", "INFO"],
  log_format: ["JSON", "Text"],
  mode: ["Active", "PassThrough"],
  runtime: ["nodejs22.x", "nodejs20.x"],
  stream_view_type: ["NEW_AND_OLD_IMAGES", "KEYS_ONLY"],
  comparison_operator: ["GreaterThanThreshold", "LessThanThreshold", "GreaterThanOrEqualToThreshold"],
  treat_missing_data: ["notBreaching", "ignore", "missing"],
  statistic: ["Sum", "Average", "Maximum"],
  stat: ["Sum", "Average"],
  status: ["Enabled", "Suspended", "Disabled"],
  object_ownership: ["BucketOwnerEnforced", "ObjectWriter"],
  sse_algorithm: ["AES256", "aws:kms"],
  compression_format: ["GZIP", "UNCOMPRESSED"],
  s3_backup_mode: ["Disabled", "Enabled"],
  authorization: ["AWS_IAM", "NONE"],
  logging_level: ["ERROR", "INFO", "OFF"],
  tier: ["Standard", "Advanced"],
  key_type: ["AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"],
  status_code: ["403", "400"],
  extended_statistic: ["p99", "p90"],
  billing_mode: ["PAY_PER_REQUEST", "PROVISIONED"],
  passthrough_behavior: ["WHEN_NO_MATCH", "NEVER"],
  custom_time_zone: ["UTC", "Europe/Zurich"],
  type: ["String", "StringList"],
};

/** Numbers that AWS accepts in steps, or only some of. */
const numbers: Readonly<Record<string, readonly number[]>> = {
  retention_in_days: [14, 30, 1],
  period: [60, 300],
  memory_size: [256, 512, 128],
  maximum_retry_attempts: [0, 1],
  message_retention_seconds: [60],
};

/** Every change that the generator can make to a stack's resources, each attribute and nested value at least once. */
export function mutationsOf(resources: Resources, state: TerraformState): readonly Mutation[] {
  return Object.entries(resources).flatMap(([type, byName]) =>
    type.startsWith("aws_")
      ? Object.entries(byName).flatMap(([name, block]) => {
          const live = state.resources.find((one) => one.type === type && one.name === name)?.instances[0];
          return live ? mutationsOfBlock(`${type}.${name}`, block, live.attributes) : [];
        })
      : [],
  );
}

/** Attributes that nothing on AWS corresponds to: Terraform reads them from the program only. */
const onlyInTerraform: Readonly<Record<string, readonly string[]>> = {
  aws_lambda_function: ["publish", "source_code_hash", "s3_bucket", "s3_key"],
  aws_s3_bucket: ["force_destroy"],
  aws_s3_object: ["source", "source_hash"],
  aws_ssm_parameter: ["overwrite"],
};

/** A stream that was changed is a new stream: only a deployment takes that back. verify.test.ts changes it at the end. */
const notTakenBack: Readonly<Record<string, readonly string[]>> = {
  aws_dynamodb_table: ["stream_enabled", "stream_view_type"],
};

const metaArguments = new Set(["//", "lifecycle", "depends_on", "provider", "count", "for_each"]);

function mutationsOfBlock(
  address: string,
  block: Block,
  live: Readonly<Record<string, unknown>>,
): readonly Mutation[] {
  const unset = {
    ...unsetAttributes[address.split(".")[0] ?? ""],
    ...("tags_all" in live && { tags: { Planted: "by hand" } }),
  };
  const additions = Object.entries(unset)
    .filter(([attribute]) => !(attribute in block))
    .map(([attribute, value]) => ({
      address,
      attribute,
      what: `${attribute} added`,
      changed: { ...block, [attribute]: value },
    }));
  const changes = Object.entries(block)
    .filter(([attribute]) => !isLeftOut(address, attribute))
    .flatMap(([attribute, value]) =>
      changesOf(attribute, value, live[attribute], attribute).map(({ path, value: changed }) => ({
        address,
        attribute,
        what: path,
        changed: withValue(block, attribute, changed),
      })),
    );
  return [...additions, ...changes];
}

/** Names of things that must exist: the provider asks for minutes for what does not. */
const mustExist: Readonly<Record<string, readonly string[]>> = {
  aws_lambda_event_source_mapping: ["function_name"],
};

/** Whether the provider is done at once. For the others it waits until AWS has spread the change. */
export function isQuick({ address }: Mutation): boolean {
  return !/^aws_(?:s3_bucket_lifecycle_configuration|sqs_queue|kinesis_firehose)/.test(address);
}

function isLeftOut(address: string, attribute: string): boolean {
  const [type = ""] = address.split(".");
  return (
    metaArguments.has(attribute) ||
    [onlyInTerraform, notTakenBack, mustExist].some((table) => table[type]?.includes(attribute))
  );
}

interface ChangedValue {
  readonly path: string;
  readonly value: Json | undefined;
}

function changesOf(name: string, value: Json, live: unknown, path: string): readonly ChangedValue[] {
  if (typeof value === "boolean") return [{ path: `${path} ${value} to ${!value}`, value: !value }];
  if (typeof value === "number") {
    const other = numbers[name]?.find((number) => number !== value) ?? value + 1;
    return [{ path: `${path} ${value} to ${other}`, value: other }];
  }
  if (typeof value === "string") return changesOfText(name, value, live, path);
  if (Array.isArray(value)) return changesOfList(name, value, live, path);
  if (value === null) return [];
  return changesOfMap(value as Block, live, path);
}

function changesOfText(name: string, value: string, live: unknown, path: string): readonly ChangedValue[] {
  const actual = typeof live === "string" ? live : value;
  if (/^\s*\{/.test(actual)) return changesOfDocument(actual, path);
  const known = choices[name];
  if (known?.includes(actual)) {
    const other = known.find((choice) => choice !== actual);
    return other === undefined ? [] : [{ path: `${path} ${actual} to ${other}`, value: other }];
  }
  if (/^-?\d+$/.test(actual)) return [{ path: `${path} plus 1`, value: `${Number(actual) + 1}` }];
  return [{ path: `${path} with a suffix`, value: `${actual.replaceAll("${", "$${")}x` }];
}

/** A policy gets one statement more, and loses one; any other document gets one property more. */
function changesOfDocument(text: string, path: string): readonly ChangedValue[] {
  let document: { Statement?: unknown };
  try {
    document = JSON.parse(text);
  } catch {
    return [{ path: `${path} with a suffix`, value: `${text} `.replaceAll("${", "$${") }];
  }
  const written = (changed: object) => JSON.stringify(changed).replaceAll("${", "$${");
  const statements = [document.Statement ?? []].flat() as unknown as readonly Record<string, unknown>[];
  const [first] = statements;
  if (!first)
    return [{ path: `${path} with a property more`, value: written({ ...document, changed: "x" }) }];
  const open = {
    ...first,
    Sid: "Planted",
    Effect: "Allow",
    ...(first.Principal ? { Principal: { AWS: "arn:aws:iam::999999999999:root" } } : {}),
  };
  return [
    {
      path: `${path} with a statement more`,
      value: written({ ...document, Statement: [...statements, open] }),
    },
    ...(statements.length > 1
      ? [
          {
            path: `${path} with a statement less`,
            value: written({ ...document, Statement: statements.slice(1) }),
          },
        ]
      : []),
  ];
}

function changesOfList(
  name: string,
  list: readonly Json[],
  live: unknown,
  path: string,
): readonly ChangedValue[] {
  const lives = Array.isArray(live) ? live : [];
  const removed =
    list.length > 0 ? [{ path: `${path} without its first element`, value: list.slice(1) as Json }] : [];
  // Of a long list, the elements in the middle are like the first and the last.
  const ends = new Set([0, list.length - 1]);
  const nested = list.flatMap((element, index) =>
    !ends.has(index)
      ? []
      : changesOf(name, element, lives[index], `${path}[${index}]`)
          .filter(({ value }) => value !== undefined)
          .map(({ path: where, value = null }) => ({
            path: where,
            value: list.map((one, position) => (position === index ? value : one)),
          })),
  );
  return [...removed, ...nested];
}

function changesOfMap(map: Block, live: unknown, path: string): readonly ChangedValue[] {
  const one = Array.isArray(live) ? live[0] : live;
  const lives = typeof one === "object" && one !== null ? (one as Readonly<Record<string, unknown>>) : {};
  return [
    { path: `${path} removed`, value: undefined },
    ...Object.entries(map).flatMap(([key, value]) =>
      changesOf(key, value, lives[key], `${path}.${key}`).map(({ path: where, value: changed }) => ({
        path: where,
        value: withValue(map, key, changed) as Json,
      })),
    ),
  ];
}

function withValue(block: Block, key: string, value: Json | undefined): Block {
  const { [key]: _, ...rest } = block;
  return value === undefined ? rest : { ...rest, [key]: value };
}

/** Whether a finding names the resource and the attribute. Tags are compared together with the provider's own. */
export function isNamed({ address, attribute }: Mutation, findings: readonly DriftFinding[]): boolean {
  const name = attribute === "tags" ? "tags_all" : attribute;
  return findings.some(
    (finding) =>
      finding.verdict === "failed" &&
      finding.address === address &&
      (finding.attribute === undefined || new RegExp(`^${name}\\b`).test(finding.attribute)),
  );
}
