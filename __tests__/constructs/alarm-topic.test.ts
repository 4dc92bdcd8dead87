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
  it("is never encrypted with the key that AWS manages for SNS, which CloudWatch cannot use", () => {
    const topic = alarmTopic().only("aws_sns_topic");

    expect(topic.attributes).toEqual({ name: "shop-alarms-test" });
  });

  it("allows only CloudWatch to publish, over TLS, for the environment's own alarms", () => {
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

  it("lets CloudWatch use the customer-managed key if it is encrypted with one", () => {
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

  it("subscribes each address", () => {
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
