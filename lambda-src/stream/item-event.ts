import type { ItemChange, ItemEventType } from "./item-change";

/** The `source` of every event, for rules to match. */
export const EVENT_SOURCE = "items";

/**
 * Largest entry, in bytes. EventBridge takes less than 256 KB, by a reckoning of which its guide gives two
 * accounts ("Calculating PutEvents event entry size" and PutEvents itself): 1 KB is left for the difference.
 */
export const ENTRY_MAX_BYTES = 255 * 1024;

/** One entry of PutEvents, but for the bus. */
export interface ItemEvent {
  readonly Source: string;
  readonly DetailType: ItemEventType;
  /** JSON, as docs/item-event-1.schema.json describes it. */
  readonly Detail: string;
  readonly Resources: string[];
  readonly Time: Date;
}

/** The event of a change. Images too large for an entry are left out, and said to be. */
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
    : event({ imagesOmitted: "The images are larger than an event may be. Read the item from the API." });
};

/** An entry's size as EventBridge reckons it: its texts in UTF-8, and 14 bytes for its time. */
export const entryBytes = ({ Source, DetailType, Detail, Resources }: ItemEvent): number =>
  [Source, DetailType, Detail, ...Resources].reduce((bytes, text) => bytes + Buffer.byteLength(text), 14);
