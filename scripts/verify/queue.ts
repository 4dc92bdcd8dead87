import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { publicStatements, requiresTls, statementsOf } from "./policies";
import { differs, requireNoProblems } from "./verdict";

const retentionSeconds = 14 * 24 * 60 * 60;

/** The live dead-letter queue. */
export const queueChecks: readonly Check[] = [
  {
    name: "queue/encryption",
    run: async (deployment) => {
      const { KmsMasterKeyId, SqsManagedSseEnabled } = await attributesOf(deployment);
      if (!deployment.environment.customerKey) {
        requireNoProblems([
          !KmsMasterKeyId && SqsManagedSseEnabled !== "true" && "messages are not encrypted",
        ]);
        return "with an SQS-managed key";
      }
      const [key] = deployment.resources("aws_kms_key");
      requireNoProblems([differs("its key", KmsMasterKeyId, key?.arn)]);
      return "with the environment's key";
    },
  },
  {
    name: "queue/policy",
    run: async (deployment) => {
      const statements = statementsOf((await attributesOf(deployment)).Policy);
      requireNoProblems([
        !requiresTls(statements) && "it allows requests without TLS",
        publicStatements(statements).length > 0 && "it allows public access",
      ]);
      return "TLS only, no public access";
    },
  },
  {
    name: "queue/retention",
    run: async (deployment) => {
      const { MessageRetentionPeriod } = await attributesOf(deployment);
      requireNoProblems([
        differs("its retention in seconds", Number(MessageRetentionPeriod), retentionSeconds),
      ]);
      return "14 days";
    },
  },
];

function attributesOf(deployment: Deployment): Promise<Partial<Record<string, string>>> {
  return deployment.once("queue", async () => {
    const { Attributes = {} } = await deployment.clients.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: deployment.output("dead-letter-queue-url"),
        AttributeNames: ["All"],
      }),
    );
    return Attributes;
  });
}
