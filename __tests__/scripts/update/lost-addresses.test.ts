import { lostAddresses } from "../../../scripts/update/lost-addresses";

describe("lostAddresses", () => {
  const before = {
    "dev-stack": ["aws_dynamodb_table.items", "aws_sqs_queue.dlq"],
    "prod-stack": ["aws_sqs_queue.dlq"],
  };
  const lost = (after: object) => lostAddresses(JSON.stringify(before), JSON.stringify(after));

  it("lists nothing if addresses are only added", () => {
    expect(lost({ ...before, "dev-stack": [...before["dev-stack"], "aws_sqs_queue.more"], new: [] })).toEqual(
      [],
    );
  });

  it("lists an address that a stack no longer has", () => {
    expect(lost({ ...before, "dev-stack": ["aws_sqs_queue.dlq", "aws_dynamodb_table.rows"] })).toEqual([
      { stack: "dev-stack", address: "aws_dynamodb_table.items" },
    ]);
  });

  it("lists every address of a stack that is gone", () => {
    expect(lost({ "dev-stack": before["dev-stack"] })).toEqual([
      { stack: "prod-stack", address: "aws_sqs_queue.dlq" },
    ]);
  });
});
