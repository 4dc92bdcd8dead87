import { existsSync } from "node:fs";
import { describeRefusal, files, printRefusals } from "../../../scripts/start/refused-request";
import {
  jsonRequest,
  queryRequest,
  refusalOf,
  restRequest,
  type SentRequest,
} from "../../packages/laptop/service-models/requests";

const terraform = "APN/1.0 HashiCorp/1.0 Terraform/1.11.0 terraform-provider-aws/5.100.0";
const lambda = "aws-sdk-js/3.1162.0 md/nodejs#22 exec-env/AWS_Lambda_nodejs22.x";

const createFunction = (changed: object) =>
  restRequest("lambda", "POST", "/2015-03-31/functions", {
    FunctionName: "f",
    Role: "arn:aws:iam::123456789012:role/r",
    Code: { S3Bucket: "bucket", S3Key: "key" },
    ...changed,
  });

describe("describeRefusal", () => {
  it.each<[string, string, SentRequest, string]>([
    [
      "a number below its minimum",
      terraform,
      createFunction({ MemorySize: 64 }),
      "✗ AWS would refuse CreateFunction of Lambda for f, sent by Terraform: memorySize is 64, allowed is at least 128. Change what becomes memorySize in constructs/service-function.ts.",
    ],
    [
      "a value that AWS does not know, with the nearest ones first",
      terraform,
      createFunction({ Runtime: "nodejs22" }),
      'runtime is "nodejs22", which is not one of nodejs22.x, ',
    ],
    [
      "a pattern",
      terraform,
      createFunction({ Role: "arn:aws:iam::1:role/x" }),
      'role is "arn:aws:iam::1:role/x", which does not match arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+. Change what becomes role in constructs/service-function.ts.',
    ],
    [
      "a name that is too long",
      terraform,
      queryRequest("iam", "2010-05-08", {
        Action: "CreateRole",
        RoleName: "r".repeat(65),
        AssumeRolePolicyDocument: "{}",
      }),
      "its length must be at most 64. Shorten or correct the name in constructs/service-function.ts or the construct that makes the role: physicalName in constructs/naming.ts adds the prefix and the environment.",
    ],
    [
      "a retention that CloudWatch Logs does not have",
      terraform,
      jsonRequest("logs", "Logs_20140328.PutRetentionPolicy", { logGroupName: "g", retentionInDays: 8 }),
      'retentionInDays is "8", which is not one of 1, 3, 5, 7, 14, 30, 60, 90 and 14 more. Change what becomes retentionInDays in constructs/log-group.ts.',
    ],
    [
      "a missing member, and how many more mistakes there are",
      lambda,
      jsonRequest("dynamodb", "DynamoDB_20120810.PutItem", { TableName: "", ReturnValues: "x" }),
      "✗ AWS would refuse PutItem of DynamoDB, sent by a function: tableName is empty, its length must be at least 1 (and 2 more). Change the call in lambda-src/.",
    ],
    [
      "a body that cannot be read",
      "curl/8",
      jsonRequest("dynamodb", "DynamoDB_20120810.PutItem", "{"),
      "✗ AWS would refuse PutItem of DynamoDB: Could not parse request body into json: Unexpected character or end of input. Change the call.",
    ],
  ])("tells a developer about %s", (_, agent, sent, expected) => {
    const refused = refusalOf(sent);

    expect(refused && describeRefusal(refused, { ...sent.head, headers: { "user-agent": agent } })).toContain(
      expected,
    );
  });

  it("shows no secret and no long value", () => {
    const secret = "s".repeat(5_000);
    const sent = jsonRequest("ssm", "AmazonSSM.PutParameter", {
      Name: "n",
      Value: secret,
      Type: "Text",
      Description: secret,
    });
    const refused = refusalOf(sent);

    expect((refused && describeRefusal(refused, sent.head))?.length).toBeLessThan(400);
  });

  it("names files that exist", () => {
    expect(files.map(([, , file]) => file.split(" ")[0] ?? "").filter((file) => !existsSync(file))).toEqual(
      [],
    );
  });
});

describe("printRefusals", () => {
  afterEach(() => jest.useRealTimers());

  it("prints a line once while a request is retried, and again later", () => {
    jest.useFakeTimers({ now: 0 });
    const lines: string[] = [];
    const listen = printRefusals((line) => lines.push(line));
    const sent = jsonRequest("dynamodb", "DynamoDB_20120810.ListTables", { Limit: 0 });
    const refused = refusalOf(sent);
    const at = (milliseconds: number) => {
      jest.setSystemTime(milliseconds);
      if (refused) listen(refused, sent.head);
      return lines.length;
    };

    expect([at(0), at(5_000), at(9_999), at(19_999)]).toEqual([1, 1, 1, 2]);
  });

  it("prints each of two different mistakes", () => {
    const lines: string[] = [];
    const listen = printRefusals((line) => lines.push(line));

    for (const Limit of [0, 101]) {
      const sent = jsonRequest("dynamodb", "DynamoDB_20120810.ListTables", { Limit });
      const refused = refusalOf(sent);
      if (refused) listen(refused, sent.head);
    }

    expect(lines).toHaveLength(2);
  });
});
