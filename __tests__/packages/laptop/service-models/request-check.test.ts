import { gzipSync } from "node:zlib";
import { cbor } from "@smithy/core/cbor";
import {
  jsonRequest,
  queryRequest,
  refusalOf,
  request,
  requestCheck,
  restRequest,
  type SentRequest,
} from "./requests";

const dynamo = (operation: string, input: unknown) =>
  jsonRequest("dynamodb", `DynamoDB_20120810.${operation}`, input);
const logs = (operation: string, input: unknown) => jsonRequest("logs", `Logs_20140328.${operation}`, input);
const events = (operation: string, input: unknown) => jsonRequest("events", `AWSEvents.${operation}`, input);
const iam = (parameters: Readonly<Record<string, string>>) => queryRequest("iam", "2010-05-08", parameters);
const sts = (parameters: Readonly<Record<string, string>>) => queryRequest("sts", "2011-06-15", parameters);
const lambda = (method: string, path: string, input?: unknown) => restRequest("lambda", method, path, input);

const createFunction = (changed: object) =>
  lambda("POST", "/2015-03-31/functions", {
    FunctionName: "f",
    Role: "arn:aws:iam::123456789012:role/r",
    Code: { S3Bucket: "bucket", S3Key: "key" },
    Runtime: "nodejs22.x",
    Handler: "index.handler",
    ...changed,
  });

const alarm = {
  AlarmName: "a",
  ComparisonOperator: "GreaterThan",
  EvaluationPeriods: 1,
};
const alarmParameters = { Action: "PutMetricAlarm", ...alarm, EvaluationPeriods: "1" };

const operators =
  "[GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanThreshold, LessThanOrEqualToThreshold, LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold, GreaterThanUpperThreshold]";
const detected = (...details: readonly string[]) =>
  `${details.length} validation error${details.length > 1 ? "s" : ""} detected: ${details.join("; ")}`;
const failed = (value: string, path: string, rule: string) =>
  `Value ${value} at '${path}' failed to satisfy constraint: Member must ${rule}`;

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

  describe("before the body is read", () => {
    it.each<[string, SentRequest]>([
      ["an object", restRequest("s3", "PUT", "/b/k", "data")],
      ["a part of an object", restRequest("s3", "PUT", "/b/k?partNumber=1&uploadId=u", "data")],
      ["a download", restRequest("s3", "GET", "/b/k")],
      ["an invocation", lambda("POST", "/2015-03-31/functions/f/invocations", {})],
      [
        "a request through a deployed API",
        restRequest("execute-api", "POST", "/restapis/a/dev/_user_request_/items", {}),
      ],
    ])("has nothing to ask of %s, whose body streams through", (_, { head }) => {
      expect(requestCheck.checkHead(head)).toBeUndefined();
    });

    it.each<[string, SentRequest]>([
      ["a call in JSON", dynamo("GetItem", {})],
      ["a call in the query protocol", iam({ Action: "ListRoles" })],
      ["a document", restRequest("s3", "PUT", "/b?versioning", "<a/>")],
      [
        "a body without a length",
        request({
          service: "lambda",
          path: "/2015-03-31/functions",
          headers: { "transfer-encoding": "chunked" },
        }),
      ],
    ])("asks for the body of %s", (_, { head }) => {
      expect(requestCheck.checkHead(head)).toBe("body");
    });
  });

  it("names the query protocol's code only for services that had that protocol", () => {
    const headers = refusalOf(dynamo("GetItem", {}))?.answer.rawHeaders;

    expect(headers).not.toContain("x-amzn-query-error");
  });

  describe("in CloudWatch's protocols", () => {
    const message = detected(
      failed("'GreaterThan'", "comparisonOperator", `satisfy enum value set: ${operators}`),
    );

    it("refuses an operator in the query protocol", () => {
      const answer = refusalOf(queryRequest("monitoring", "2010-08-01", alarmParameters))?.answer;

      expect(`${answer?.body}`).toContain(
        `<Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error>`,
      );
    });

    it("refuses it in JSON", () => {
      const answer = refusalOf(
        jsonRequest("monitoring", "GraniteServiceVersion20100801.PutMetricAlarm", alarm),
      )?.answer;

      expect(JSON.parse(`${answer?.body}`).message).toBe(message);
      expect(answer?.rawHeaders).toContain("ValidationError;Sender");
    });

    it("refuses it in CBOR", () => {
      const sent = request({
        service: "monitoring",
        path: "/service/GraniteServiceVersion20100801/operation/PutMetricAlarm",
        headers: { "smithy-protocol": "rpc-v2-cbor" },
        body: Buffer.from(cbor.serialize(alarm)),
      });

      const answer = refusalOf(sent)?.answer;

      expect(cbor.deserialize(answer?.body as Buffer)).toEqual({
        __type: "com.amazon.coral.validate#ValidationException",
        message,
      });
      expect(answer?.rawHeaders).toEqual(expect.arrayContaining(["smithy-protocol", "rpc-v2-cbor"]));
    });

    it.each<[string, Readonly<Record<string, string>>, string, string]>([
      ["no period", { EvaluationPeriods: "0" }, "evaluationPeriods", "minimum"],
      ["six actions", actions(6), "alarmActions", "maximum"],
      ["31 dimensions", dimensions(31), "dimensions", "maximum"],
      ["a name of 256 characters", { AlarmName: "a".repeat(256) }, "alarmName", "maximum"],
    ])("refuses an alarm with %s", (_, changed, path, kind) => {
      const parameters = { ...alarmParameters, ComparisonOperator: "GreaterThanThreshold", ...changed };

      const refused = refusalOf(queryRequest("monitoring", "2010-08-01", parameters));

      expect(refused?.violations).toMatchObject([{ path, kind }]);
    });

    it.each<[string, Readonly<Record<string, string>>]>([
      ["an empty list of actions", { AlarmActions: "" }],
      ["an empty description", { AlarmDescription: "" }],
      ["five actions and 30 dimensions", { ...actions(5), ...dimensions(30) }],
    ])("lets an alarm with %s pass", (_, changed) => {
      const parameters = { ...alarmParameters, ComparisonOperator: "GreaterThanThreshold", ...changed };

      expect(refusalOf(queryRequest("monitoring", "2010-08-01", parameters))).toBeUndefined();
    });
  });

  describe("in the query protocol", () => {
    const role = { Action: "CreateRole", RoleName: "r", AssumeRolePolicyDocument: "{\n}" };

    it.each<[string, SentRequest, string]>([
      [
        "a role's name of 65 characters, without repeating it",
        iam({ ...role, RoleName: "r".repeat(65) }),
        detected(
          failed("", "roleName", "have length less than or equal to 64").replace("Value  at", "Value at"),
        ),
      ],
      [
        "a role's name with a space",
        iam({ ...role, RoleName: "a b" }),
        detected(
          failed("", "roleName", "satisfy regular expression pattern: [\\w+=,.@-]+").replace(
            "Value  at",
            "Value at",
          ),
        ),
      ],
      [
        "a session of 899 seconds",
        sts({
          Action: "AssumeRole",
          RoleArn: "arn:aws:iam::123456789012:role/r",
          RoleSessionName: "session",
          DurationSeconds: "899",
        }),
        detected(failed("'899'", "durationSeconds", "have value greater than or equal to 900")),
      ],
      [
        "a session's name with a space",
        sts({ Action: "AssumeRole", RoleArn: "arn:aws:iam::123456789012:role/r", RoleSessionName: "a b" }),
        detected(failed("'a b'", "roleSessionName", "satisfy regular expression pattern: [\\w+=,.@-]*")),
      ],
    ])("refuses %s", (_, sent, message) => {
      const answer = refusalOf(sent)?.answer;

      expect(answer?.status).toBe(400);
      expect(`${answer?.body}`).toContain(`<Code>ValidationError</Code><Message>${message}</Message>`);
    });

    it("lists no values in IAM, which does not either", () => {
      const parameters = { Action: "UpdateAccessKey", AccessKeyId: "A".repeat(16), Status: "On" };

      expect(refusalOf(iam(parameters))?.refusal.message).toBe(
        "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set",
      );
    });

    it("refuses only what every service with the same name and version refuses", () => {
      const parameters = { Action: "AddRoleToDBCluster", DBClusterIdentifier: "c", RoleArn: "short" };

      expect(refusalOf(queryRequest("rds", "2014-10-31", parameters))).toBeUndefined();
      expect(refusalOf(queryRequest("rds", "2014-10-31", { ...parameters, RoleArn: "" }))).toBeUndefined();
      expect(
        refusalOf(queryRequest("rds", "2014-10-31", { Action: "AddRoleToDBCluster" }))?.violations,
      ).toMatchObject([{ path: "dBClusterIdentifier" }, { path: "roleArn" }]);
    });

    it("escapes a value in XML", () => {
      const role = { RoleArn: "arn:aws:iam::123456789012:role/r", RoleSessionName: "a&<b>" };

      const refused = refusalOf(sts({ Action: "AssumeRole", ...role }));

      expect(`${refused?.answer.body}`).toContain("Value 'a&amp;&lt;b&gt;' at 'roleSessionName'");
    });

    it("repeats a list in its own order", () => {
      const parameters = { ...alarmParameters, ComparisonOperator: "GreaterThanThreshold", ...actions(11) };

      const refused = refusalOf(queryRequest("monitoring", "2010-08-01", parameters));

      expect(refused?.violations[0]?.value).toMatch(/^\[arn:1, arn:2, .*arn:9, arn:10, arn:11\]$/);
    });

    it("reads the parameters of a GET from the query", () => {
      const query = new URLSearchParams({ ...role, Version: "2010-05-08", RoleName: "a b" });

      const { head } = request({ service: "iam", method: "GET", query });

      expect(requestCheck.checkHead(head)).toMatchObject({ operation: "CreateRole" });
    });

    it.each<[string, SentRequest]>([
      ["a policy with line breaks", iam(role)],
      ["another version of the API", queryRequest("iam", "1999-01-01", { Action: "CreateRole" })],
      ["an action that the model does not know", iam({ Action: "NewerThanTheModel" })],
      ["tags", iam({ ...role, "Tags.member.1.Key": "a", "Tags.member.1.Value": "é:/" })],
    ])("lets %s pass", (_, sent) => {
      expect(refusalOf(sent)).toBeUndefined();
    });
  });

  describe("in REST with JSON", () => {
    it.each<[string, SentRequest, string]>([
      [
        "64 MB of memory",
        createFunction({ MemorySize: 64 }),
        failed("'64'", "memorySize", "have value greater than or equal to 128"),
      ],
      [
        "a role of an account with one digit",
        createFunction({ Role: "arn:aws:iam::1:role/x" }),
        failed(
          "'arn:aws:iam::1:role/x'",
          "role",
          "satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
        ),
      ],
      [
        "an alias whose name is a number",
        lambda("POST", "/2015-03-31/functions/f/aliases", { Name: "12", FunctionVersion: "1" }),
        failed("'12'", "name", "satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"),
      ],
      [
        "events of 59 seconds",
        lambda("PUT", "/2019-09-25/functions/f/event-invoke-config", { MaximumEventAgeInSeconds: 59 }),
        failed("'59'", "maximumEventAgeInSeconds", "have value greater than or equal to 60"),
      ],
      [
        "a page of -1 functions, in the query",
        lambda("GET", "/2015-03-31/functions?MaxItems=-1"),
        failed("'-1'", "maxItems", "have value greater than or equal to 1"),
      ],
      [
        "an invocation of a type that Lambda does not know, in a header",
        restRequest("lambda", "POST", "/2015-03-31/functions/f/invocations", "not json", {
          "x-amz-invocation-type": "Later",
        }),
        failed("'Later'", "invocationType", "satisfy enum value set: [Event, RequestResponse, DryRun]"),
      ],
      [
        "subnets that are none",
        createFunction({ VpcConfig: { SubnetIds: ["vpc-1"] } }),
        "Value '[vpc-1]' at 'vpcConfig.subnetIds' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy regular expression pattern: subnet-[0-9a-z]*",
      ],
      [
        "a weight above 1",
        lambda("PUT", "/2015-03-31/functions/f/aliases/live", {
          RoutingConfig: { AdditionalVersionWeights: { 2: 2 } },
        }),
        "Value '{2=2}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1, Member must have value greater than or equal to 0]",
      ],
    ])("refuses %s", (_, sent, message) => {
      const answer = refusalOf(sent)?.answer;

      expect(answer?.rawHeaders).toEqual(expect.arrayContaining(["x-amzn-ErrorType", "ValidationException"]));
      expect(JSON.parse(`${answer?.body}`).message).toContain(message);
    });

    it("refuses a runtime with Lambda's own error", () => {
      const answer = refusalOf(createFunction({ Runtime: "nodejs22" }))?.answer;

      expect(answer?.rawHeaders).toContain("InvalidParameterValueException");
      expect(JSON.parse(`${answer?.body}`).message).toMatch(
        /^Value nodejs22 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[.*\bnodejs22\.x\b.*\] or be a valid ARN$/,
      );
    });

    it("refuses a runtime and another mistake with the error for both", () => {
      const refused = refusalOf(createFunction({ Runtime: "nodejs22", MemorySize: 64 }));

      expect(refused?.refusal.code).toBe("ValidationException");
      expect(refused?.violations).toHaveLength(2);
    });

    it("refuses a body that is not JSON with Lambda's own error", () => {
      const refused = refusalOf(lambda("POST", "/2015-03-31/functions", "{"));

      expect(refused?.refusal.code).toBe("InvalidRequestContentException");
    });

    it("names members of an API Gateway body as API Gateway does", () => {
      const refused = refusalOf(
        restRequest("apigateway", "PUT", "/restapis/a/resources/b/methods/GET/integration", {
          type: "LAMBDA",
          httpMethod: "POST",
        }),
      );

      expect(refused?.refusal.message).toBe(
        detected(
          failed(
            "'LAMBDA'",
            "putIntegrationInput.type",
            "satisfy enum value set: [HTTP, AWS, MOCK, HTTP_PROXY, AWS_PROXY]",
          ),
        ),
      );
    });

    it.each<[string, SentRequest]>([
      [
        "a function's ARN in the path",
        lambda(
          "GET",
          "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Af%3Alive/configuration",
        ),
      ],
      [
        "a function's partial ARN",
        lambda("GET", "/2015-03-31/functions/123456789012:function:f/configuration"),
      ],
      ["an empty structure for an optional one", createFunction({ VpcConfig: {} })],
      ["an invocation, whatever its body", lambda("POST", "/2015-03-31/functions/f/invocations", "not json")],
      [
        "a request through a deployed API",
        restRequest("execute-api", "POST", "/restapis/a/dev/_user_request_/items", { id: 1 }),
      ],
      [
        "a path of a deployed API that another service has too",
        restRequest("execute-api", "POST", "/participant/connection", {}),
      ],
      ["a path that the model does not know", lambda("GET", "/2099-01-01/new/f")],
      [
        "an ARN with a slash in the path",
        restRequest("apigateway", "GET", "/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Frestapis%2Fa"),
      ],
    ])("lets %s pass", (_, sent) => {
      expect(refusalOf(sent)).toBeUndefined();
    });
  });

  describe("in S3", () => {
    const s3 = (method: string, url: string, body?: string, headers = {}) =>
      restRequest("s3", method, url, body, headers);

    it.each<[string, SentRequest, string]>([
      [
        "a status that S3 does not know",
        s3("PUT", "/b?versioning", "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>"),
        "MalformedXML",
      ],
      [
        "an element that S3 does not know",
        s3(
          "PUT",
          "/b?versioning",
          "<VersioningConfiguration><State>Enabled</State></VersioningConfiguration>",
        ),
        "MalformedXML",
      ],
      [
        "an element that occurs twice",
        s3(
          "PUT",
          "/b?versioning",
          "<VersioningConfiguration><Status>Enabled</Status><Status>Enabled</Status></VersioningConfiguration>",
        ),
        "MalformedXML",
      ],
      [
        "a document that ends too soon",
        s3("PUT", "/b?versioning", "<VersioningConfiguration>"),
        "MalformedXML",
      ],
      [
        "a rule without a status",
        s3("PUT", "/b?lifecycle", "<LifecycleConfiguration><Rule><ID>a</ID></Rule></LifecycleConfiguration>"),
        "MalformedXML",
      ],
      [
        "days that are no number",
        s3(
          "PUT",
          "/b?lifecycle",
          "<LifecycleConfiguration><Rule><Status>Enabled</Status><Expiration><Days>x</Days></Expiration></Rule></LifecycleConfiguration>",
        ),
        "MalformedXML",
      ],
      [
        "a storage class that S3 does not know",
        s3("PUT", "/b/k", "data", { "x-amz-storage-class": "COLD" }),
        "InvalidStorageClass",
      ],
      [
        "an ACL that S3 does not know",
        s3("PUT", "/b/k", "data", { "x-amz-acl": "everybody" }),
        "InvalidArgument",
      ],
    ])("refuses %s", (_, sent, code) => {
      const answer = refusalOf(sent)?.answer;

      expect(answer?.status).toBe(400);
      expect(`${answer?.body}`).toContain(`<Error><Code>${code}</Code>`);
    });

    const lifecycle = `<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
      <Rule><ID>old</ID><Filter><Prefix>a/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>90</Days></Expiration></Rule>
      <Rule><ID>b</ID><Filter></Filter><Status>Disabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>
    </LifecycleConfiguration>`;
    const acl = `<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>a</ID></Owner><AccessControlList><Grant>
      <Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>a</ID></Grantee><Permission>READ</Permission>
    </Grant></AccessControlList></AccessControlPolicy>`;

    it.each<[string, SentRequest]>([
      ["what replaced the deprecated operation of the same URI", s3("PUT", "/b?lifecycle", lifecycle)],
      [
        "a notification, likewise",
        s3(
          "PUT",
          "/b?notification",
          "<NotificationConfiguration><QueueConfiguration><Queue>arn</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>",
        ),
      ],
      ["an ACL with a type in an attribute", s3("PUT", "/b?acl", acl)],
      ["a policy, which is no XML", s3("PUT", "/b?policy", "{}")],
      ["an object, whatever its body", s3("PUT", "/b/k%3F%25", "<Not><Xml>")],
      [
        "a bucket in the host",
        s3(
          "PUT",
          "/?versioning",
          "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
          { host: "b.s3.localhost:4566" },
        ),
      ],
      ["a bucket with a slash after it", s3("GET", "/b/?list-type=2&prefix=a%2F")],
      ["a part of an upload", s3("PUT", "/b/k?partNumber=1&uploadId=u", "data")],
      ["a copy", s3("PUT", "/b/k", undefined, { "x-amz-copy-source": "/b/other" })],
    ])("lets %s pass", (_, sent) => {
      expect(refusalOf(sent)).toBeUndefined();
    });
  });

  describe("in EC2's protocol", () => {
    const ec2 = (parameters: Readonly<Record<string, string>>) =>
      queryRequest("ec2", "2016-11-15", parameters);

    it.each<[string, Readonly<Record<string, string>>, string]>([
      [
        "a missing parameter",
        { Action: "CreateSubnet", CidrBlock: "10.0.0.0/24" },
        "<Code>MissingParameter</Code><Message>The request must contain the parameter vpcId</Message>",
      ],
      [
        "a parameter that it does not know",
        { Action: "DescribeVpcs", VpcName: "a" },
        "<Code>UnknownParameter</Code><Message>The parameter VpcName is not recognized</Message>",
      ],
      ["a number that is none", { Action: "DescribeVpcs", MaxResults: "ten" }, "is not a valid integer"],
    ])("refuses %s", (_, parameters, expected) => {
      const answer = refusalOf(ec2(parameters))?.answer;

      expect(answer?.status).toBe(400);
      expect(`${answer?.body}`).toContain(expected);
    });

    it("lets filters and dry runs pass", () => {
      const filters = { "Filter.1.Name": "vpc-id", "Filter.1.Value.1": "vpc-1", DryRun: "true" };

      expect(refusalOf(ec2({ Action: "DescribeVpcs", ...filters }))).toBeUndefined();
    });
  });

  describe("in SQS", () => {
    const sqs = (operation: string, input: unknown) => jsonRequest("sqs", `AmazonSQS.${operation}`, input);

    it.each<[string, SentRequest, string, string]>([
      [
        "a message without a body",
        sqs("SendMessage", { QueueUrl: "q" }),
        "MissingParameter",
        "The request must contain the parameter MessageBody.",
      ],
      [
        "an attribute that SQS does not know",
        sqs("CreateQueue", { QueueName: "q", Attributes: { Foo: "1", DelaySeconds: "1" } }),
        "InvalidAttributeName",
        "Unknown Attribute Foo.",
      ],
    ])("refuses %s with SQS's own error", (_, sent, code, message) => {
      const answer = refusalOf(sent)?.answer;

      expect(JSON.parse(`${answer?.body}`)).toEqual({ __type: `com.amazonaws.sqs#${code}`, message });
      expect(answer?.rawHeaders).toContain(`${code};Sender`);
    });

    it("does not check the query protocol, whose names are no longer in the model", () => {
      const parameters = {
        Action: "CreateQueue",
        QueueName: "q",
        "Attribute.1.Name": "Foo",
        "Attribute.1.Value": "1",
      };

      expect(refusalOf(queryRequest("sqs", "2012-11-05", parameters))).toBeUndefined();
    });
  });
});

function actions(count: number): Readonly<Record<string, string>> {
  return numbered(count, (number) => [[`AlarmActions.member.${number}`, `arn:${number}`]]);
}

function dimensions(count: number): Readonly<Record<string, string>> {
  return numbered(count, (number) => [
    [`Dimensions.member.${number}.Name`, `name${number}`],
    [`Dimensions.member.${number}.Value`, "value"],
  ]);
}

function numbered(
  count: number,
  entries: (number: number) => readonly (readonly [string, string])[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => entries(index + 1)).flat());
}
