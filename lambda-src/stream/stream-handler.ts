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
 * The stream function: an event on the bus for each change of an item. A record that fails keeps no other from its
 * event: Lambda delivers again from the lowest that failed, and gives up on a range of records at last, in which
 * the good ones must have been published. So an event may come twice, with the same eventId.
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
  throw new UnexpectedEventError("a batch of a table's stream", ["Records"]);
};

/**
 * Lambda takes an empty identifier for a failure of the whole batch, and does not say what it makes of one that it does
 * not know: a failed record without a sequence number has every record delivered again.
 */
const report = (failed: readonly unknown[]) => {
  const identifiers = failed.map((record) => sequenceNumberOf(record) ?? "");
  return (identifiers.includes("") ? [""] : identifiers).map((itemIdentifier) => ({ itemIdentifier }));
};

const sequenceNumberOf = (record: unknown): string | undefined => {
  const { SequenceNumber } = (record as { dynamodb?: { SequenceNumber?: unknown } } | null)?.dynamodb ?? {};
  return text(SequenceNumber);
};

/** What tells a record from others, and nothing of its images. */
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
