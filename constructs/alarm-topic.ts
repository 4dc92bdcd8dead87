import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import { accountIdOf, regionOf } from "./arn";
import type { CustomerKey } from "./customer-key";
import { namingOf, physicalName } from "./naming";
import { denyWithoutTls, policyDocument } from "./policy-document";

export interface AlarmTopicProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** Who gets an e-mail. Each address must confirm the subscription once. @default nobody */
  readonly emails?: readonly string[];
  /**
   * Encrypts messages at rest. @default none: CloudWatch cannot use the key that AWS manages for SNS, and an alarm that
   * cannot publish notifies nobody
   */
  readonly encryptionKey?: CustomerKey | undefined;
}

/** The SNS topic that alarms notify. Only CloudWatch can publish to it, and only for this environment's alarms. */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const { emails = [], encryptionKey } = props;
    const topic = new SnsTopic(this, "topic", {
      name: physicalName(this, props.name),
      ...(encryptionKey && { kmsMasterKeyId: encryptionKey.arn }),
    });
    const { application, environment } = namingOf(this);
    const alarmsOf = (accountId: string, region: string) => ({
      StringEquals: { "aws:SourceAccount": accountId },
      ArnLike: {
        "aws:SourceArn": `arn:aws:cloudwatch:${region}:${accountId}:alarm:${application}-*-${environment}`,
      },
    });
    const policy = new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policyDocument(
        {
          Sid: "AlarmsPublish",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: topic.arn,
          Condition: alarmsOf(accountIdOf(this, topic.arn), regionOf(this, topic.arn)),
        },
        denyWithoutTls("sns:Publish", topic.arn),
      ),
    });
    encryptionKey?.allow({
      Sid: "AlarmsPublish",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Condition: alarmsOf(encryptionKey.accountId, encryptionKey.region),
    });
    promise(topic, "alarms can publish to it", ["name", "kms_master_key_id", "fifo_topic"]);
    promise(policy, "this environment's alarms publish to it, and nobody else", ["arn", "policy"]);
    for (const [index, endpoint] of emails.entries()) {
      const subscription = new SnsTopicSubscription(this, `email-${index}`, {
        topicArn: topic.arn,
        protocol: "email",
        endpoint,
      });
      promise(subscription, "each address gets an e-mail", [
        "topic_arn",
        "protocol",
        "endpoint",
        "filter_policy",
      ]);
    }
    this.arn = policy.arn;
  }
}
