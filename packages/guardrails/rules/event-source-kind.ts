import type { Resource } from "../stack-view";

export type SourceKind = "dynamodb" | "kinesis" | "sqs";

/** What a mapping reads, if its ARN or reference shows it. */
export function kindOf(mapping: Resource): SourceKind | undefined {
  const source = mapping.follow(
    "event_source_arn",
    "aws_dynamodb_table",
    "aws_kinesis_stream",
    "aws_sqs_queue",
  );
  const types = {
    aws_dynamodb_table: "dynamodb",
    aws_kinesis_stream: "kinesis",
    aws_sqs_queue: "sqs",
  } as const;
  if (source) return types[source.type as keyof typeof types];
  const service = `${mapping.value("event_source_arn")}`.split(":")[2];
  return service === "dynamodb" || service === "kinesis" || service === "sqs" ? service : undefined;
}
