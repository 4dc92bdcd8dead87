import type { Json } from "./paths";
import type { Mutation } from "./policy-operators";
import type { References } from "./references";

/** What a value is, as far as operators differ. */
export type ValueKind = "string" | "number" | "boolean" | "reference" | "list" | "block" | "json" | "policy";

/** Values that an attribute can have elsewhere, by its kind: `aws_sqs_queue.name`. */
export type KnownValues = ReadonlyMap<string, readonly string[]>;

/** Other values of attributes that the stacks set in one way only. Source: the types' API references. */
const otherValues: Readonly<Record<string, string>> = {
  architectures: "x86_64",
  attribute_name: "updatedAt",
  authorization: "NONE",
  billing_mode: "PROVISIONED",
  comparison_operator: "LessThanThreshold",
  compression_format: "UNCOMPRESSED",
  hash_key: "timestamp",
  http_method: "PATCH",
  log_format: "Text",
  logging_level: "ERROR",
  mode: "PassThrough",
  object_ownership: "ObjectWriter",
  projection_type: "KEYS_ONLY",
  protocol: "sqs",
  range_key: "id",
  region: "us-east-1",
  runtime: "nodejs20.x",
  security_policy: "TLS_1_0",
  sse_algorithm: "AES256",
  starting_position: "LATEST",
  statistic: "Average",
  status: "Disabled",
  stream_view_type: "KEYS_ONLY",
  treat_missing_data: "breaching",
};

interface ValueProps {
  /** For example `aws_sqs_queue.name`. */
  readonly kind: string;
  readonly references: References;
  readonly known: KnownValues;
}

/** Everything but `drop`, which every value has. */
export function valueMutations(value: Json, { kind, references, known }: ValueProps): readonly Mutation[] {
  if (typeof value === "boolean") return [["flip", !value]];
  if (typeof value === "number") return numberMutations(value);
  if (Array.isArray(value)) return value.length > 0 ? [["empty", []]] : [];
  if (typeof value === "object") return value && Object.keys(value).length > 0 ? [["empty", {}]] : [];
  if (value.includes("${")) return [["empty", ""], ...referenceMutations(value, kind, references)];
  return [["empty", ""], ...textMutations(value, kind, known)];
}

function numberMutations(value: number): readonly Mutation[] {
  return [
    ["zero", 0],
    ["scale up", value * 10],
    ["scale down", Math.floor(value / 10)],
    ["another valid value", value + 1],
  ];
}

function textMutations(value: string, kind: string, known: KnownValues): readonly Mutation[] {
  if (/^(true|false)$/.test(value)) return [["flip", value === "true" ? "false" : "true"]];
  if (/^-?\d+(\.\d+)?$/.test(value) && value.length < 10) {
    return numberMutations(Number(value)).map(([operator, by]) => [operator, `${by}`] as const);
  }
  const attribute =
    kind
      .replace(/(\[\])+$/, "")
      .split(".")
      .at(-1) ?? "";
  const other =
    known.get(kind)?.find((each) => each !== value) ??
    [otherValues[attribute]].find((each) => each !== value) ??
    `${value}-other`;
  const stranger = value.startsWith("arn:") && value.replace(/\d{12}|(?<=:)(?=:[^:]*$)/, "999999999999");
  return [
    ["another valid value", other],
    ...(stranger && stranger !== value ? ([["a stranger's literal", stranger]] as const) : []),
  ];
}

function referenceMutations(value: string, kind: string, references: References): readonly Mutation[] {
  const sibling = references.sibling(value);
  const ofOtherType = references.ofOtherType(value);
  return [
    ...(sibling ? ([["a sibling's reference", sibling]] as const) : []),
    ...(ofOtherType ? ([["another type's reference", ofOtherType]] as const) : []),
    ["a stranger's literal", references.stranger(value, kind)],
    ["a constant for a reference", references.constant(value)],
  ];
}
