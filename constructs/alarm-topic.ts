import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { accountIdOf, regionOf } from "./arn";
import type { CustomerKey } from "./customer-key";
import { namingOf, physicalName } from "./naming";
import { policyDocument } from "./policy-document";

export interface AlarmTopicProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** Who has an e-mail; each must confirm it once. @default nobody */
  readonly emails?: readonly string[];
  /**
   * Encrypts messages that wait. @default none: CloudWatch may not use SNS's own key, and an alarm that cannot publish
   * is silent.
   */
  readonly encryptionKey?: CustomerKey | undefined;
}

/** The SNS topic on which alarms go off: CloudWatch may publish there for this environment's alarms, and nobody else. */
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
        {
          Sid: "DenyWithoutTls",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: topic.arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ),
    });
    encryptionKey?.admit({
      Sid: "AlarmsPublish",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Condition: alarmsOf(encryptionKey.accountId, encryptionKey.region),
    });
    for (const [index, endpoint] of emails.entries()) {
      new SnsTopicSubscription(this, `email-${index}`, { topicArn: topic.arn, protocol: "email", endpoint });
    }
    this.arn = policy.arn;
  }
}
