import { gzipSync } from "node:zlib";
import { dynamo, events, logs } from "./calls";
import { detected, failed } from "./messages";
import { jsonRequest, refusalOf, request, restRequest, type SentRequest } from "./requests";

describe("RequestCheck", () => {
  describe("in JSON", () => {
    it.each<[string, SentRequest, string, string]>([
      [
        "a missing member",
        dynamo("PutItem", { TableName: "t" }),
        "com.amazon.coral.validate#ValidationException",
        detected(failed("null", "item", "not be null")),
      ],
      [
        "a number below its minimum",
        dynamo("Query", { TableName: "t", Limit: 0 }),
        "com.amazon.coral.validate#ValidationException",
        detected(failed("'0'", "limit", "have value greater than or equal to 1")),
      ],
      [
        "two values that AWS does not know",
        dynamo("CreateTable", {
          TableName: "table",
          KeySchema: [{ AttributeName: "id", KeyType: "HASHKEY" }],
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          BillingMode: "ONDEMAND",
        }),
        "com.amazon.coral.validate#ValidationException",
        detected(
          failed("'HASHKEY'", "keySchema.1.member.keyType", "satisfy enum value set: [HASH, RANGE]"),
          failed("'ONDEMAND'", "billingMode", "satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]"),
        ),
      ],
      [
        "a name with a space, by CloudWatch Logs",
        logs("CreateLogGroup", { logGroupName: "a b" }),
        "InvalidParameterException",
        detected(
          failed("'a b'", "logGroupName", "satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"),
        ),
      ],
      [
        "a filter without a pattern, which may be empty",
        logs("PutSubscriptionFilter", {
          logGroupName: "g",
          filterName: "f",
          destinationArn: "arn:aws:lambda:x",
        }),
        "InvalidParameterException",
        detected(failed("null", "filterPattern", "not be null")),
      ],
      [
        "an empty list",
        events("PutEvents", { Entries: [] }),
        "com.amazon.coral.validate#ValidationException",
        detected(failed("'[]'", "entries", "have length greater than or equal to 1")),
      ],
      [
        "a text where a number is expected",
        dynamo("Query", { TableName: "t", Limit: "5" }),
        "com.amazon.coral.service#SerializationException",
        "STRING_VALUE cannot be converted to Integer",
      ],
      [
        "a number where a text is expected",
        dynamo("GetItem", { TableName: 5, Key: {} }),
        "com.amazon.coral.service#SerializationException",
        "NUMBER_VALUE cannot be converted to String",
      ],
      [
        "a text where true or false is expected",
        dynamo("GetItem", { TableName: "t", Key: {}, ConsistentRead: "yes" }),
        "com.amazon.coral.service#SerializationException",
        "STRING_VALUE cannot be converted to Boolean",
      ],
      [
        "a blob that is not base64",
        dynamo("PutItem", { TableName: "t", Item: { a: { B: "not base64" } } }),
        "com.amazon.coral.service#SerializationException",
        "STRING_VALUE cannot be converted to Blob",
      ],
      [
        "a list where a structure is expected",
        dynamo("GetItem", { TableName: "t", Key: [] }),
        "com.amazon.coral.service#SerializationException",
        "Start of list found where not expected",
      ],
      [
        "a body that ends too soon",
        dynamo("GetItem", "{"),
        "com.amazon.coral.service#SerializationException",
        "Could not parse request body into json: Unexpected character or end of input",
      ],
    ])("refuses %s", (_, sent, type, message) => {
      const answer = refusalOf(sent)?.answer;

      expect(answer?.status).toBe(400);
      expect(JSON.parse(`${answer?.body}`)).toEqual({ __type: type, message });
    });

    it.each<[string, SentRequest]>([
      ["null for an optional member", dynamo("Query", { TableName: "t", Limit: null })],
      ["a whole number with a fraction of zero", dynamo("Query", '{"TableName":"t","Limit":5.0}')],
      ["a member that the model does not know", dynamo("Query", { TableName: "t", NewerThanTheModel: 1 })],
      ["an operation that the model does not know", dynamo("NewerThanTheModel", { A: 1 })],
      [
        "a table's ARN for its name",
        dynamo("GetItem", { TableName: "arn:aws:dynamodb:eu-west-1:123456789012:table/t", Key: {} }),
      ],
      [
        "an empty pattern",
        logs("PutSubscriptionFilter", {
          logGroupName: "g",
          filterName: "f",
          filterPattern: "",
          destinationArn: "arn:aws:lambda:x",
        }),
      ],
      ["an empty body for an operation without required members", dynamo("ListTables", "")],
      [
        "no member at all of an optional structure",
        dynamo("GetItem", { TableName: "t", Key: {}, ExpressionAttributeNames: {} }),
      ],
      [
        "items within items",
        dynamo("PutItem", {
          TableName: "t",
          Item: {
            a: { M: { b: { L: [{ S: "" }, { BOOL: true }, { NULL: true }, { N: "1" }, { B: "YQ==" }] } } },
          },
        }),
      ],
      [
        "characters outside the basic plane, each of which counts once",
        logs("TagLogGroup", { logGroupName: "g", tags: { a: "é:/".repeat(10) } }),
      ],
      [
        "an unsigned request",
        request({
          service: "",
          headers: { "x-amz-target": "DynamoDB_20120810.PutItem" },
          body: Buffer.from("{}"),
        }),
      ],
    ])("lets %s pass", (_, sent) => {
      expect(refusalOf(sent)).toBeUndefined();
    });

    it("counts a character of two units once", () => {
      const tagged = (value: string) =>
        dynamo("TagResource", { ResourceArn: "arn", Tags: [{ Key: "k", Value: value }] });

      expect(refusalOf(tagged("😀".repeat(256)))).toBeUndefined();
      expect(refusalOf(tagged("😀".repeat(257)))?.violations).toMatchObject([
        { kind: "maximum", limit: "256" },
      ]);
    });

    it("counts the bytes of a blob, not the characters of its base64", () => {
      const encrypted = (bytes: number) =>
        jsonRequest("kms", "TrentService.Encrypt", {
          KeyId: "k",
          Plaintext: Buffer.alloc(bytes).toString("base64"),
        });

      expect(refusalOf(encrypted(4_096))).toBeUndefined();
      expect(refusalOf(encrypted(4_095))).toBeUndefined();
      expect(refusalOf(encrypted(4_097))?.violations).toMatchObject([{ kind: "maximum", path: "plaintext" }]);
    });

    it("does not repeat what is secret", () => {
      const secret = { KeyId: "k", Plaintext: Buffer.alloc(5_000, "secret").toString("base64") };

      const refused = refusalOf(jsonRequest("kms", "TrentService.Encrypt", secret));

      expect(refused?.refusal.message).toBe(
        "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
      );
    });

    it("looks into no document, which may be of any type", () => {
      const sent = restRequest("bedrock", "POST", "/model/m/converse", {
        messages: [],
        additionalModelRequestFields: "any JSON value",
      });

      expect(refusalOf(sent)).toBeUndefined();
    });

    it("reads a compressed body", () => {
      const body = gzipSync(JSON.stringify({ TableName: "t" }));

      const refused = refusalOf(
        request({
          service: "dynamodb",
          headers: { "x-amz-target": "DynamoDB_20120810.PutItem", "content-encoding": "gzip" },
          body,
        }),
      );

      expect(refused?.violations).toMatchObject([{ kind: "required", path: "item" }]);
    });
  });

  it("names the query protocol's code only for services that had that protocol", () => {
    const headers = refusalOf(dynamo("GetItem", {}))?.answer.rawHeaders;

    expect(headers).not.toContain("x-amzn-query-error");
  });
});
