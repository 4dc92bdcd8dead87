import { AlarmTopic } from "../../constructs/alarm-topic";
import { CustomerKey } from "../../constructs/customer-key";
import type { JsonObject } from "../support/block";
import { synthesizeStack } from "../support/synthesize";

const alarmTopic = ({ withKey = false, emails = [] as string[] } = {}) =>
  synthesizeStack((stack) => {
    new AlarmTopic(stack, "topic", {
      name: "alarms",
      emails,
      ...(withKey && { encryptionKey: new CustomerKey(stack, "key", { name: "data" }) }),
    });
  });

describe("AlarmTopic", () => {
  it("is never encrypted by SNS's own key, which CloudWatch may not use", () => {
    const topic = alarmTopic().only("aws_sns_topic");

    expect(topic.attributes).toEqual({ name: "shop-alarms-test" });
  });

  it("lets CloudWatch publish for the environment's own alarms, by TLS, and nobody else", () => {
    const stack = alarmTopic();

    const { Statement: statements } = stack.only("aws_sns_topic_policy").parsed("policy") as {
      readonly Statement: readonly JsonObject[];
    };

    expect(statements).toMatchObject([
      {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Condition: {
          StringEquals: { "aws:SourceAccount": expect.stringMatching(/^\$\{local\..*\}$/) },
          ArnLike: { "aws:SourceArn": expect.stringMatching(/^arn:aws:cloudwatch:.*:alarm:shop-\*-test$/) },
        },
      },
      { Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
    expect(statements).toHaveLength(2);
  });

  it("admits CloudWatch to the customer's key where it is encrypted by one", () => {
    const stack = alarmTopic({ withKey: true });

    const { Statement: statements } = stack.only("aws_kms_key_policy").parsed("policy") as {
      readonly Statement: readonly JsonObject[];
    };

    expect(stack.only("aws_sns_topic").attributes.kms_master_key_id).toContain("aws_kms_key_policy");
    expect(statements.find(({ Sid }) => Sid === "AlarmsPublish")).toMatchObject({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Condition: { ArnLike: { "aws:SourceArn": expect.stringMatching(/:alarm:shop-\*-test$/) } },
    });
  });

  it("tells each address", () => {
    const stack = alarmTopic({ emails: ["one@example.com", "two@example.com"] });

    const subscriptions = stack.resources("aws_sns_topic_subscription").map(({ attributes }) => attributes);

    expect(subscriptions).toEqual(
      ["one@example.com", "two@example.com"].map((endpoint) => ({
        topic_arn: stack.only("aws_sns_topic").ref("arn"),
        protocol: "email",
        endpoint,
      })),
    );
  });
});
