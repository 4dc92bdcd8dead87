import { readFailures } from "../../../scripts/drift/read-failures";

const event = (type: string, addr: string, id: string) =>
  JSON.stringify({ type, hook: { resource: { addr }, id_key: "id", id_value: id } });
const error = (summary: string) =>
  JSON.stringify({ type: "diagnostic", diagnostic: { severity: "error", summary, detail: "" } });

describe("readFailures", () => {
  it("finds what Terraform began to read and did not finish, each with its own error", () => {
    const output = [
      event("refresh_start", "aws_sqs_queue.one", "queue-1"),
      event("refresh_start", "aws_sns_topic.two", "topic-2"),
      event("refresh_start", "aws_s3_bucket.three", "bucket-3"),
      event("refresh_complete", "aws_sns_topic.two", "topic-2"),
      error("reading SQS Queue (queue-1): AccessDenied, RequestID: 1f-2e"),
      error("reading S3 Bucket (bucket-3):\n timeout"),
      "not JSON",
    ].join("\n");

    expect([...readFailures(output)]).toEqual([
      ["aws_sqs_queue.one", "reading SQS Queue (queue-1): AccessDenied"],
      ["aws_s3_bucket.three", "reading S3 Bucket (bucket-3): timeout"],
    ]);
  });

  it("gives all errors if none names the resource", () => {
    const output = [event("refresh_start", "aws_sqs_queue.one", "q"), error("the Region is wrong")].join(
      "\n",
    );

    expect([...readFailures(output)]).toEqual([["aws_sqs_queue.one", "the Region is wrong"]]);
  });

  it("finds nothing in the output of a command that could not start", () => {
    expect(readFailures("Error: Failed to load plugin schemas").size).toBe(0);
  });
});
