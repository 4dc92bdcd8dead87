import type { ItemChange, ItemEventType } from "./item-change";

/** The `source` of every event, for rules to match on. */
export const EVENT_SOURCE = "items";

/**
 * Largest entry, in bytes. EventBridge accepts less than 256 KB, but its guide describes the calculation in
 * two ways ("Calculating PutEvents event entry size" and PutEvents itself). 1 KB is left for the difference.
 */
export const ENTRY_MAX_BYTES = 255 * 1024;

/** One entry for PutEvents, without the bus. */
export interface ItemEvent {
  readonly Source: string;
  readonly DetailType: ItemEventType;
  /** JSON, as docs/item-event-1.schema.json describes it. */
  readonly Detail: string;
  readonly Resources: string[];
  readonly Time: Date;
}

/**
 * The event for a change. If the images are too large for an entry, they are omitted and the event says so.
 */
export const itemEvent = (change: ItemChange): ItemEvent => {
  const { type, eventId, sequenceNumber, occurredAt, tableArn, id, timestamp, before, after } = change;
  const event = (rest: object): ItemEvent => ({
    Source: EVENT_SOURCE,
    DetailType: type,
    Detail: JSON.stringify({
      version: "1",
      eventId,
      sequenceNumber,
      occurredAt: new Date(occurredAt).toISOString(),
      item: { id, timestamp },
      ...rest,
    }),
    Resources: [tableArn],
    Time: new Date(occurredAt),
  });
  const whole = event({ before, after });
  return entryBytes(whole) <= ENTRY_MAX_BYTES
    ? whole
    : event({ imagesOmitted: "The images exceed the maximum size of an event. Read the item from the API." });
};

/** An entry's size as EventBridge calculates it: its texts in UTF-8, plus 14 bytes for its time. */
export const entryBytes = ({ Source, DetailType, Detail, Resources }: ItemEvent): number =>
  [Source, DetailType, Detail, ...Resources].reduce((bytes, text) => bytes + Buffer.byteLength(text), 14);
