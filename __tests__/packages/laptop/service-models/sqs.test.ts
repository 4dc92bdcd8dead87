import { jsonRequest, queryRequest, refusalOf, type SentRequest } from "./requests";

describe("RequestCheck", () => {
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
