import type { Context, DynamoDBBatchResponse } from "aws-lambda";
import { withDeadline } from "../runtime/deadline";
import type { Telemetry } from "../runtime/telemetry";
import { UnexpectedEventError } from "../runtime/unexpected-event-error";
import type { EventBus } from "./event-bus";
import { readItemChange } from "./item-change";
import { type ItemEvent, itemEvent } from "./item-event";

export interface StreamHandlerProps {
  readonly bus: Pick<EventBus, "publish">;
  readonly telemetry: Telemetry;
}

/**
 * The stream function: publishes an event on the bus for each change to an item. A record that fails does not
 * stop the others from being published. Lambda redelivers from the lowest failed record and eventually gives
 * up on a range of records, and the good records in that range must have been published by then. So an event
 * can be published twice, with the same eventId.
 */
export const streamHandler =
  ({ bus, telemetry }: StreamHandlerProps) =>
  async (event: unknown, context: Context): Promise<DynamoDBBatchResponse> => {
    telemetry.begin(context);
    try {
      const failed = new Set<unknown>();
      const fail = (record: unknown, error: unknown) => {
        failed.add(record);
        telemetry.logger.error("record failed", { ...identity(record), error });
      };

      const sources = new Map<ItemEvent, unknown>();
      for (const record of recordsOf(event)) {
        try {
          const change = readItemChange(record);
          if (change !== undefined) sources.set(itemEvent(change), record);
        } catch (error) {
          fail(record, error);
        }
      }
      const failures = await withDeadline(
        context,
        (signal) => bus.publish([...sources.keys()], signal),
        Number.POSITIVE_INFINITY,
      );
      for (const [unpublished, error] of failures) fail(sources.get(unpublished), error);

      telemetry.count("EventPublished", sources.size - failures.size);
      telemetry.count("RecordFailed", failed.size);
      return { batchItemFailures: report([...failed]) };
    } finally {
      await telemetry.end();
    }
  };

const recordsOf = (event: unknown): readonly unknown[] => {
  const { Records } = (event ?? {}) as { Records?: unknown };
  if (Array.isArray(Records)) return Records;
  throw new UnexpectedEventError("a batch from a table's stream", ["Records"]);
};

/**
 * Lambda treats an empty identifier as a failure of the whole batch, and does not document how it treats an
 * unknown one. So a failed record without a sequence number has the whole batch redelivered.
 */
const report = (failed: readonly unknown[]) => {
  const identifiers = failed.map((record) => sequenceNumberOf(record) ?? "");
  return (identifiers.includes("") ? [""] : identifiers).map((itemIdentifier) => ({ itemIdentifier }));
};

const sequenceNumberOf = (record: unknown): string | undefined => {
  const { SequenceNumber } = (record as { dynamodb?: { SequenceNumber?: unknown } } | null)?.dynamodb ?? {};
  return text(SequenceNumber);
};

/** The keys that identify a record, without anything from its images. */
const identity = (record: unknown) => {
  const { eventID, dynamodb } = (record ?? {}) as { eventID?: unknown; dynamodb?: { Keys?: unknown } };
  const { id, timestamp } = (dynamodb?.Keys ?? {}) as { id?: { S?: unknown }; timestamp?: { N?: unknown } };
  return {
    eventId: text(eventID),
    sequenceNumber: sequenceNumberOf(record),
    itemId: text(id?.S),
    itemTimestamp: text(timestamp?.N),
  };
};

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
