import { dynamo, iam, lambda } from "./calls";
import { request, requestCheck, restRequest, type SentRequest } from "./requests";

describe("RequestCheck", () => {
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
      [
        "a path that two services have, of which one needs the body",
        restRequest("bedrock", "POST", "/agents/session", {
          foundationModel: "m",
          instruction: "i".repeat(40),
        }),
      ],
    ])("asks for the body of %s", (_, { head }) => {
      expect(requestCheck.checkHead(head)).toBe("body");
    });
  });
});
