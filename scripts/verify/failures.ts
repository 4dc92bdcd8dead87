import { InvokeCommand } from "@aws-sdk/client-lambda";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { alarmsOk } from "./alarms";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { CheckFailedError } from "./verdict";

/** How long other messages stay invisible while this run's message is being searched for. */
const asideSeconds = 20;

/** Whether an asynchronous invocation that keeps failing ends up in the dead-letter queue. */
export const failureChecks: readonly Check[] = [
  {
    name: "failures/dead-letter",
    run: async (deployment, report) => {
      // The failure makes alarms fire, so their state is checked first.
      await alarmsOk(deployment, report).catch(() => {});
      deployment.signal.throwIfAborted();
      const FunctionName = deployment.output("api-function-name");
      const event = JSON.stringify({ verify: deployment.run });
      let removed = false;
      deployment.removeLater(`dead letter of ${deployment.run}`, async () => {
        for (let attempt = 0; attempt < 5; attempt += 1) {
          if (removed || (await removeOwnMessage(deployment))) return;
          await new Promise((resolve) => setTimeout(resolve, 1_000));
        }
        throw new Error(
          `it has not arrived yet. When it does, delete the message that contains this id from ${deployment.output("dead-letter-queue-url")}`,
        );
      });
      await deployment.clients.lambda.send(
        new InvokeCommand({
          FunctionName,
          Qualifier: "live",
          InvocationType: "Event",
          Payload: Buffer.from(event),
        }),
      );
      // Lambda retries after one minute, and again after two more.
      const wait = { awsSeconds: 420, emulatorSeconds: 20 };
      removed = (await deployment.until(wait, () => removeOwnMessage(deployment), report)) ?? false;
      if (removed) return "it arrived in the dead-letter queue, and was removed";
      throw new CheckFailedError(
        `an event that ${FunctionName} cannot process did not arrive in the dead-letter queue`,
      );
    },
  },
];

/** Deletes this run's message, and no other. @returns undefined if it has not arrived yet */
async function removeOwnMessage(deployment: Deployment): Promise<true | undefined> {
  const { sqs } = deployment.clients;
  const QueueUrl = deployment.output("dead-letter-queue-url");
  const aside: (string | undefined)[] = [];
  try {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: asideSeconds }),
      );
      const ours = Messages.find(({ Body }) => Body?.includes(deployment.run));
      aside.push(...Messages.filter((message) => message !== ours).map((message) => message.ReceiptHandle));
      if (ours) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: ours.ReceiptHandle }));
        return true;
      }
      if (Messages.length === 0) return undefined;
    }
  } finally {
    const release = (ReceiptHandle: string | undefined) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    // Without this they would become visible again after a few seconds.
    await Promise.allSettled(aside.map(release));
  }
}
