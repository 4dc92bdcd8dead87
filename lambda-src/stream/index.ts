import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Context } from "aws-lambda";
import * as z from "zod/mini";
import { clientOptions } from "../runtime/client-options";
import { readEnvironment } from "../runtime/environment";
import { Telemetry } from "../runtime/telemetry";
import { changeOf, type StreamRecord, streamRecord } from "./change";

const environment = readEnvironment({ eventBusName: "EVENT_BUS_NAME" });
const telemetry = new Telemetry(environment);
const events = new EventBridgeClient(clientOptions());

const streamEvent = z.object({ Records: z.array(z.unknown()) });

/** What Lambda reads of an answer: the batch is tried again from the first of these records on. */
interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * The stream function: publishes every change of the items table on the event bus, in order. From the first record
 * that cannot be published on, the batch is left to Lambda, which tries it again; a consumer knows a replay by the
 * change's `eventId`.
 */
export const handler = async (event: unknown, context: Context): Promise<BatchResponse> => {
  telemetry.begin(context);
  try {
    for (const raw of streamEvent.parse(event).Records) {
      // A record that cannot be read has no place in the stream to go on from: the whole batch fails.
      const record = streamRecord.parse(raw);
      if (!(await published(record))) {
        return { batchItemFailures: [{ itemIdentifier: record.dynamodb.SequenceNumber }] };
      }
    }
    return { batchItemFailures: [] };
  } finally {
    await telemetry.end();
  }
};

const published = async (record: StreamRecord): Promise<boolean> => {
  const { detailType, detail } = changeOf(record);
  try {
    const { Entries: [entry] = [] } = await events.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: environment.eventBusName,
            Source: "serverless-app.items",
            DetailType: detailType,
            Detail: JSON.stringify(detail),
          },
        ],
      }),
    );
    if (entry?.ErrorCode) throw new Error(`EventBridge refused the event: ${entry.ErrorCode}`);
    return true;
  } catch (error) {
    telemetry.logger.error("change not published", { error, eventId: record.eventID });
    return false;
  }
};
