import { createFunction, lambda } from "./calls";
import { detected, failed } from "./messages";
import { refusalOf, restRequest, type SentRequest } from "./requests";

describe("RequestCheck", () => {
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
        "Value '{2=2.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1, Member must have value greater than or equal to 0]",
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
});
