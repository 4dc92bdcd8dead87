import { unknown } from "../../iam/unknown";
import { roleMay } from "../access/decide";
import { regionOf } from "../access/place";
import { symbolicText } from "../access/symbolic-text";
import { each, type Rule } from "../rule";
import type { Resource } from "../stack-view";
import { keyOf } from "./deliveries/encryption";
import { kindOf, type SourceKind } from "./event-source-kind";

const readActions: Readonly<Record<SourceKind, readonly string[]>> = {
  dynamodb: ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"],
  kinesis: ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream"],
  sqs: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
};

export const eventSourcePermissionRules: readonly Rule[] = [
  {
    id: "lambda-mapping-permission",
    group: "lambda",
    demands: "A function's role is allowed to read its event sources, and to decrypt what it reads",
    why: "AWS rejects the mapping at apply: “Cannot access stream” or “does not have permissions to call ReceiveMessage”.",
    fix: "Allow GetRecords, GetShardIterator, DescribeStream and ListStreams on the stream, or ReceiveMessage, DeleteMessage and GetQueueAttributes on the queue, and kms:Decrypt on its key.",
    mirrors: [],
    check: each("aws_lambda_event_source_mapping", (mapping) => {
      const types = ["aws_dynamodb_table", "aws_kinesis_stream", "aws_sqs_queue"];
      const source = mapping.follow("event_source_arn", ...types);
      const role = mapping.follow("function_name", "aws_lambda_function")?.follow("role", "aws_iam_role");
      const kind = kindOf(mapping);
      if (!source || !role || !kind) return undefined;
      const resource = symbolicText(mapping.stack, mapping.raw("event_source_arn"));
      if (!resource.startsWith("arn:")) return undefined;
      const target = kind === "sqs" ? source : undefined;
      const missing = readActions[kind].filter(
        (action) => roleMay(role, { action, resource, target }) === false,
      );
      return [
        ...(missing.length > 0
          ? [`role ${role.path} is not allowed to call ${missing.join(", ")} on ${source.path}`]
          : []),
        ...undecryptable(source, role),
      ];
    }),
  },
];

function undecryptable(source: Resource, role: Resource): readonly string[] {
  const found = keyOf(source);
  if (!found || !("key" in found)) return [];
  const { key, arn, service } = found;
  const keys = {
    "kms:ViaService": `${service}.${regionOf(source)}.amazonaws.com`,
    ...(service === "dynamodb" && {
      "kms:EncryptionContext:*": undefined,
      "kms:EncryptionContext:aws:dynamodb:subscriberId": unknown("account"),
      "kms:EncryptionContext:aws:dynamodb:tableName": source.text("name") ?? unknown("table"),
    }),
  };
  const may = roleMay(role, { action: "kms:Decrypt", resource: arn, target: key, keys });
  return may === false
    ? [`role ${role.path} is not allowed kms:Decrypt on ${key.path}, the key of ${source.path}`]
    : [];
}
