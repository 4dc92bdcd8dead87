import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { account, type ClientConfig } from "./emulators";

/** Takes a message from a queue, waiting for it up to 10 seconds. */
export async function receiveMessage(config: ClientConfig, queue: string): Promise<Message | undefined> {
  const client = new SQSClient(config);
  const QueueUrl = `${config.endpoint}/${account}/${queue}`;
  const { Messages: [message] = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10, MessageAttributeNames: ["All"] }),
  );
  if (message)
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  return message;
}
