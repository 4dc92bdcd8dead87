import { type AttributeValue, fromAttribute, fromAttributes } from "../items/attribute-value";
import { ITEM_TIMESTAMP_MAX } from "../items/item-limits";

/** The stream's name for a change, and the name of its event. */
const eventTypes = { INSERT: "ItemCreated", MODIFY: "ItemChanged", REMOVE: "ItemRemoved" } as const;

export type ItemEventType = (typeof eventTypes)[keyof typeof eventTypes];

/** An item before or after a change. Rows that the API did not write have no version. */
export interface Image {
  readonly data: unknown;
  readonly etag?: unknown;
}

/** One change to one item, read from a record of the table's stream. */
export interface ItemChange {
  readonly type: ItemEventType;
  /** The record's id, the same every time the stream delivers it. */
  readonly eventId: string;
  readonly sequenceNumber: string;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
  readonly tableArn: string;
  readonly id: string;
  readonly timestamp: number;
  readonly before?: Image;
  readonly after?: Image;
}

/**
 * A stream record that cannot be turned into an event. The message contains paths in the record, never its
 * values.
 */
export class UnreadableRecordError extends Error {
  override readonly name = "UnreadableRecordError";
}

/**
 * Reads a record of the table's stream.
 *
 * @returns the change, or `undefined` if the row is not an item
 * @throws UnreadableRecordError that names the path that is missing or of the wrong type
 */
export const readItemChange = (record: unknown): ItemChange | undefined => {
  const { eventID, eventName, eventSourceARN, dynamodb } = object(record, "the record");
  const stream = object(dynamodb, "dynamodb");
  const keys = object(stream.Keys, "dynamodb.Keys");
  const id = attribute(keys.id, "dynamodb.Keys.id", "string");
  const timestamp = attribute(keys.timestamp, "dynamodb.Keys.timestamp", "number");
  if (timestamp < 0) return undefined;
  // The table accepts any number, but the event's schema does not.
  if (!Number.isInteger(timestamp) || timestamp > ITEM_TIMESTAMP_MAX)
    throw new UnreadableRecordError("dynamodb.Keys.timestamp is not a whole number of milliseconds");

  const type = typeof eventName === "string" && Object.hasOwn(eventTypes, eventName) ? eventName : undefined;
  if (type === undefined) throw new UnreadableRecordError("eventName is not INSERT, MODIFY or REMOVE");
  const image = (name: "OldImage" | "NewImage", absent: string) =>
    type === absent
      ? {}
      : { [name === "OldImage" ? "before" : "after"]: readImage(stream[name], `dynamodb.${name}`) };
  return {
    type: eventTypes[type as keyof typeof eventTypes],
    eventId: typed(eventID, "eventID", "string"),
    sequenceNumber: typed(stream.SequenceNumber, "dynamodb.SequenceNumber", "string"),
    occurredAt: instant(stream.ApproximateCreationDateTime),
    tableArn: typed(eventSourceARN, "eventSourceARN", "string").replace(/\/stream\/.*$/, ""),
    id,
    timestamp,
    ...image("OldImage", "INSERT"),
    ...image("NewImage", "REMOVE"),
  };
};

interface Types {
  readonly string: string;
  readonly number: number;
}

const readImage = (value: unknown, path: string): Image => {
  try {
    const { data = {}, etag } = fromAttributes(object(value, path) as AttributeValue);
    return { data, ...(etag === undefined ? {} : { etag }) };
  } catch (error) {
    if (error instanceof UnreadableRecordError) throw error;
    throw new UnreadableRecordError(`${path} contains something that is not an attribute value`);
  }
};

const attribute = <Type extends keyof Types>(value: unknown, path: string, type: Type): Types[Type] => {
  try {
    return typed(fromAttribute(value), path, type);
  } catch {
    throw new UnreadableRecordError(`${path} is missing or not a ${type}`);
  }
};

/** Seconds since 1970, which some sources deliver as text. */
const instant = (value: unknown): number => {
  const milliseconds =
    typeof value === "number" || typeof value === "string" ? Math.round(Number(value) * 1_000) : -1;
  if (milliseconds >= 0 && milliseconds <= ITEM_TIMESTAMP_MAX) return milliseconds;
  throw new UnreadableRecordError("dynamodb.ApproximateCreationDateTime is missing or not a time");
};

const object = (value: unknown, path: string): Readonly<Record<string, unknown>> => {
  if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new UnreadableRecordError(`${path} is missing or not an object`);
};

const typed = <Type extends keyof Types>(value: unknown, path: string, type: Type): Types[Type] => {
  if (typeof value === type && value !== "") return value as Types[Type];
  throw new UnreadableRecordError(`${path} is missing or not a ${type}`);
};
