import { type AttributeValue, fromAttribute, fromAttributes } from "../items/attribute-value";
import { ITEM_TIMESTAMP_MAX } from "../items/item-limits";

/** What the stream calls a change, and what its event is called. */
const eventTypes = { INSERT: "ItemCreated", MODIFY: "ItemChanged", REMOVE: "ItemRemoved" } as const;

export type ItemEventType = (typeof eventTypes)[keyof typeof eventTypes];

/** A row at one time. Rows that something else than the API wrote have no version. */
export interface Image {
  readonly data: unknown;
  readonly etag?: unknown;
}

/** One change of one item, read from a record of the table's stream. */
export interface ItemChange {
  readonly type: ItemEventType;
  /** The record's own: the same each time that the stream delivers it. */
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

/** A record of the stream that no event can be made of. Its message holds paths of the record, never its values. */
export class UnreadableRecordError extends Error {
  override readonly name = "UnreadableRecordError";
}

/**
 * Reads a record of the table's stream.
 *
 * @returns the change, or `undefined` where it is of a row that is no item
 * @throws UnreadableRecordError that names what is missing or of the wrong type
 */
export const readItemChange = (record: unknown): ItemChange | undefined => {
  const { eventID, eventName, eventSourceARN, dynamodb } = object(record, "the record");
  const stream = object(dynamodb, "dynamodb");
  const keys = object(stream.Keys, "dynamodb.Keys");
  const id = attribute(keys.id, "dynamodb.Keys.id", "string");
  const timestamp = attribute(keys.timestamp, "dynamodb.Keys.timestamp", "number");
  if (timestamp < 0) return undefined;
  // The table takes any number, and its events would say what their schema rules out.
  if (!Number.isInteger(timestamp) || timestamp > ITEM_TIMESTAMP_MAX)
    throw new UnreadableRecordError("dynamodb.Keys.timestamp is no whole number of milliseconds");

  const type = typeof eventName === "string" && Object.hasOwn(eventTypes, eventName) ? eventName : undefined;
  if (type === undefined) throw new UnreadableRecordError("eventName is none of INSERT, MODIFY and REMOVE");
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
    throw new UnreadableRecordError(`${path} holds what is no attribute value`);
  }
};

const attribute = <Type extends keyof Types>(value: unknown, path: string, type: Type): Types[Type] => {
  try {
    return typed(fromAttribute(value), path, type);
  } catch {
    throw new UnreadableRecordError(`${path} is missing or no ${type}`);
  }
};

/** Seconds since 1970, which some deliver as text. */
const instant = (value: unknown): number => {
  const milliseconds =
    typeof value === "number" || typeof value === "string" ? Math.round(Number(value) * 1_000) : -1;
  if (milliseconds >= 0 && milliseconds <= ITEM_TIMESTAMP_MAX) return milliseconds;
  throw new UnreadableRecordError("dynamodb.ApproximateCreationDateTime is missing or no time");
};

const object = (value: unknown, path: string): Readonly<Record<string, unknown>> => {
  if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new UnreadableRecordError(`${path} is missing or no object`);
};

const typed = <Type extends keyof Types>(value: unknown, path: string, type: Type): Types[Type] => {
  if (typeof value === type && value !== "") return value as Types[Type];
  throw new UnreadableRecordError(`${path} is missing or no ${type}`);
};
