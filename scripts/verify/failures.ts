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

/** How long a message that is somebody else's stays out of sight while ours is looked for. */
const asideSeconds = 20;

/** What becomes of an asynchronous invocation that fails for good. */
export const failureChecks: readonly Check[] = [
  {
    name: "failures/dead-letter",
    run: async (deployment, report) => {
      // The failure sets off alarms: whether they are OK is told before.
      await alarmsOk(deployment, report).catch(() => {});
      deployment.signal.throwIfAborted();
      const FunctionName = deployment.output("api-function-name");
      const event = JSON.stringify({ verify: deployment.run });
      let taken = false;
      deployment.removeLater(`dead letter of ${deployment.run}`, async () => {
        for (let attempt = 0; attempt < 5; attempt += 1) {
          if (taken || (await take(deployment))) return;
          await new Promise((resolve) => setTimeout(resolve, 1_000));
        }
        throw new Error(
          `it has not come yet; when it does, delete the message that holds it from ${deployment.output("dead-letter-queue-url")}`,
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
      // Lambda tries again after a minute, and after two more.
      const wait = { awsSeconds: 420, emulatorSeconds: 20 };
      taken = (await deployment.until(wait, () => take(deployment), report)) ?? false;
      if (taken) return "it came to the dead-letter queue, and was removed";
      throw new CheckFailedError(
        `an event that ${FunctionName} cannot serve did not come to the dead-letter queue`,
      );
    },
  },
];

/** Deletes the message of this run, and no other. @returns undefined where it is not there yet */
async function take(deployment: Deployment): Promise<true | undefined> {
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
    const giveBack = (ReceiptHandle: string | undefined) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    // Else they come back by themselves in some seconds.
    await Promise.allSettled(aside.map(giveBack));
  }
}
