import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type AttributeValue as DynamoDBAttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { callFailure } from "../runtime/call-failure";
import { pause } from "../runtime/pause";
import { randomText } from "../runtime/random-text";
import { type AttributeValue, fromAttributes, toAttributes } from "./attribute-value";
import type { Item, ItemKey } from "./item";
import { IdempotencyKeyReusedError, ItemTooLargeError, TableUnavailableError } from "./item-errors";
import { ITEM_TIMESTAMP_MAX } from "./item-limits";
import { HEALTH_KEY, MARKER_TIMESTAMP, type Marker } from "./marker";

/** What must be true of a row for a write to happen: it is absent, or there, or there with this version. */
export type Condition = "absent" | "present" | { readonly etag: string };

/** An item with its version. Rows that something else than this service wrote have none. */
export interface StoredItem {
  readonly item: Item;
  readonly etag: string | undefined;
}

/** A page of an id's history, newest first. */
export interface Page {
  readonly items: readonly Item[];
  /** Whether the table may hold more rows within the bounds. */
  readonly more: boolean;
}

/** What an idempotent write came to: this one's row, or the row of an earlier one under the same key. */
export interface Creation {
  readonly timestamp: number;
  readonly etag: string;
  readonly replayed: boolean;
}

/** Attempts of a transaction that runs into another one on the same rows. */
export const TRANSACTION_ATTEMPTS = 6;

/** How far ahead of the clock a timestamp may be assigned, in milliseconds: room for that many rows. */
export const ASSIGNED_AHEAD_MS = 60_000;

/**
 * Items in their table: `id` is the hash key, `timestamp` the range key. Each method throws
 * TableUnavailableError where the table refuses for load or does not answer before `signal` fires; those that
 * write throw ItemTooLargeError where the table finds the item larger than 400 KB.
 */
export class ItemRepository {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /**
   * Writes a row where the condition holds.
   *
   * @returns the row's new version, or `undefined` where the condition did not hold
   */
  async put(item: Item, condition: Condition, signal: AbortSignal): Promise<string | undefined> {
    const etag = newEtag();
    const command = new PutItemCommand({
      TableName: this.tableName,
      Item: row(item, etag),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ...expression(condition),
    });
    try {
      await this.answer(this.client.send(command, { abortSignal: signal }));
      return etag;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // After a lost answer the client's second attempt finds the row that its first one wrote.
      return error.Item?.etag?.S === etag ? etag : undefined;
    }
  }

  /**
   * Writes a new row and the marker of its request in one transaction, so that no retry makes a second row.
   *
   * @returns what this request or an earlier one under its key made, or `undefined` where the row is another's
   * @throws IdempotencyKeyReusedError where an earlier request under the key asked for something else
   */
  async create(item: Item, marker: Marker, signal: AbortSignal, attempt = 1): Promise<Creation | undefined> {
    const etag = newEtag();
    try {
      await this.answer(this.client.send(this.creation(item, etag, marker), { abortSignal: signal }));
      return { timestamp: item.timestamp, etag, replayed: false };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const [ofItem = {}, ofMarker = {}] = error.CancellationReasons ?? [];
      if (isTaken(ofMarker)) return replay(ofMarker.Item, marker, etag);
      if (isTaken(ofItem)) return undefined;
      if (isTooLarge(ofItem.Code, ofItem.Message)) throw tooLarge(error);
      // Another transaction had one of the rows under way, or the table refused for load.
      if (attempt === TRANSACTION_ATTEMPTS) throw unavailable(error);
    }
    await pause(attempt, signal);
    // Looking collides with nobody: those who lost to their own key's winner part here.
    const { Item } = await this.read({ id: marker.id, timestamp: MARKER_TIMESTAMP }, signal);
    return Number(Item?.expiresAt?.N) >= marker.now
      ? replay(Item, marker, etag)
      : this.create(item, marker, signal, attempt + 1);
  }

  /** The row with the key, by a strongly consistent read. */
  async get({ id, timestamp }: ItemKey, signal: AbortSignal): Promise<StoredItem | undefined> {
    const { Item } = await this.read({ id, timestamp }, signal);
    return Item === undefined ? undefined : stored(Item);
  }

  /**
   * Deletes a row where the condition holds.
   *
   * @returns whether it is gone, was not there, or is there and not as the condition demands
   */
  async delete(
    itemKey: ItemKey,
    condition: Exclude<Condition, "absent">,
    signal: AbortSignal,
  ): Promise<"deleted" | "absent" | "kept"> {
    const command = new DeleteItemCommand({
      TableName: this.tableName,
      Key: key(itemKey),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ...expression(condition),
    });
    try {
      await this.answer(this.client.send(command, { abortSignal: signal }));
      return "deleted";
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (error.Item !== undefined) return "kept";
      // After a lost answer the client's second attempt finds what its first one left: nothing.
      return Number(error.$metadata.attempts) > 1 ? "deleted" : "absent";
    }
  }

  /**
   * An id's rows from `from` to `to`, both included, by a strongly consistent read: a row is seen as soon as it
   * is written.
   *
   * @param limit most rows to return; fewer come back where they exceed 1 MB together
   */
  async page(
    id: string,
    { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
    signal: AbortSignal,
  ): Promise<Page> {
    const command = new QueryCommand({
      TableName: this.tableName,
      KeyConditionExpression: "id = :id AND #timestamp BETWEEN :from AND :to",
      ExpressionAttributeNames: { "#timestamp": "timestamp" },
      ExpressionAttributeValues: attributes({ ":id": id, ":from": from, ":to": to }),
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: limit,
    });
    const { Items = [], LastEvaluatedKey } = await this.answer(
      this.client.send(command, { abortSignal: signal }),
    );
    return { items: Items.map((found) => stored(found).item), more: LastEvaluatedKey !== undefined };
  }

  /** A timestamp that no row of the id has, at or after `from` and within a minute of it, or `undefined`. */
  async freeTimestamp(id: string, from: number, signal: AbortSignal): Promise<number | undefined> {
    const to = Math.min(from + ASSIGNED_AHEAD_MS, ITEM_TIMESTAMP_MAX);
    const { items } = await this.page(id, { from, to, limit: 1 }, signal);
    const free = items[0] === undefined ? from : items[0].timestamp + 1;
    return free <= to ? free : undefined;
  }

  /** Asks the table for a row that is never there: ends well where the table answers. */
  async check(signal: AbortSignal): Promise<void> {
    await this.read(HEALTH_KEY, signal);
  }

  private read(itemKey: ItemKey, signal: AbortSignal) {
    const command = new GetItemCommand({
      TableName: this.tableName,
      Key: key(itemKey),
      ConsistentRead: true,
    });
    return this.answer(this.client.send(command, { abortSignal: signal }));
  }

  private creation(item: Item, etag: string, { id, requestHash, now, expiresAt }: Marker) {
    const { timestamp } = item;
    return new TransactWriteItemsCommand({
      TransactItems: [
        {
          Put: {
            TableName: this.tableName,
            Item: row(item, etag),
            ...expression("absent"),
          },
        },
        {
          Put: {
            TableName: this.tableName,
            Item: attributes({
              id,
              timestamp: MARKER_TIMESTAMP,
              requestHash,
              expiresAt,
              created: { timestamp, etag },
            }),
            ConditionExpression: "attribute_not_exists(id) OR expiresAt < :now",
            ExpressionAttributeValues: attributes({ ":now": now }),
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          },
        },
      ],
    });
  }

  private async answer<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (cause) {
      const { name, message, transient } = callFailure(cause);
      if (transient) throw unavailable(cause);
      if (isTooLarge(name, message)) throw tooLarge(cause);
      throw cause;
    }
  }
}

/** 128 random bits a write: no two versions of a row are taken for one, not even where they hold the same. */
const newEtag = (): string => randomText(16, "base64url");

const attributes = (object: object) =>
  toAttributes(object) as unknown as Record<string, DynamoDBAttributeValue>;

const key = ({ id, timestamp }: ItemKey) => attributes({ id, timestamp });

const row = (item: Item, etag: string) => attributes({ ...item, etag });

const stored = (found: AttributeValue): StoredItem => {
  const { id, timestamp, data = {}, etag } = fromAttributes(found);
  return { item: { id, timestamp, data } as Item, etag: etag as string | undefined };
};

const expression = (condition: Condition) => {
  if (condition === "absent") return { ConditionExpression: "attribute_not_exists(id)" };
  if (condition === "present") return { ConditionExpression: "attribute_exists(id)" };
  return {
    ConditionExpression: "etag = :etag",
    ExpressionAttributeValues: attributes({ ":etag": condition.etag }),
  };
};

const isTaken = ({ Code }: CancellationReason): boolean => Code === "ConditionalCheckFailed";

/** What the marker's earlier request made: this very one's, where only its answer was lost. */
const replay = (found: AttributeValue = {}, { requestHash }: Marker, etag: string): Creation => {
  const remembered = fromAttributes(found) as { requestHash?: string; created: Omit<Creation, "replayed"> };
  if (remembered.requestHash !== requestHash) {
    throw new IdempotencyKeyReusedError(
      "Send another Idempotency-Key: this one was used for a request with another body.",
    );
  }
  return { ...remembered.created, replayed: remembered.created.etag !== etag };
};

/** DynamoDB has no error name of its own for an item's size. */
const isTooLarge = (code = "", message = ""): boolean =>
  code.startsWith("Validation") && /item size/i.test(message);

const tooLarge = (cause: unknown) => new ItemTooLargeError("Make the item smaller than 400 KB.", { cause });

const unavailable = (cause: unknown) =>
  new TableUnavailableError("The table is busy. Send the request again after a pause.", { cause });
