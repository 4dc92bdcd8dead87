import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { type Condition, conditionExpression } from "./condition";
import { type Creation, createOnce } from "./create-once";
import type { IdempotencyRecord } from "./idempotency-record";
import type { Item, ItemKey } from "./item";
import { ITEM_TIMESTAMP_MAX } from "./item-limits";
import { attributes, itemRow, newEtag, rowKey, type StoredItem, storedItem } from "./item-row";
import { HEALTH_KEY } from "./reserved-keys";
import { readRow, type Table, tableCall } from "./table-call";

/** A page of an id's history, newest first. */
export interface Page {
  readonly items: readonly Item[];
  /** Whether the table may have more items within the bounds. */
  readonly more: boolean;
}

/**
 * How far ahead of the clock a timestamp can be assigned, in milliseconds. That leaves room for as many
 * items.
 */
export const ASSIGNED_AHEAD_MS = 60_000;

/**
 * Items in their table, where `id` is the hash key and `timestamp` the range key. Every method throws
 * TableUnavailableError if the table throttles the call or does not answer before `signal` fires. Methods
 * that write throw ItemTooLargeError if the table finds the item larger than 400 KB.
 */
export class ItemRepository {
  private readonly table: Table;

  constructor(client: DynamoDBClient, tableName: string) {
    this.table = { client, name: tableName };
  }

  /**
   * Writes an item if the condition is met.
   *
   * @returns the item's new version, or `undefined` if the condition was not met
   */
  async put(item: Item, condition: Condition, signal: AbortSignal): Promise<string | undefined> {
    const etag = newEtag();
    const command = new PutItemCommand({
      TableName: this.table.name,
      Item: itemRow(item, etag),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ...conditionExpression(condition),
    });
    try {
      await tableCall(this.table.client.send(command, { abortSignal: signal }));
      return etag;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // If an answer was lost, the client's second attempt finds the row that its first attempt wrote.
      return error.Item?.etag?.S === etag ? etag : undefined;
    }
  }

  /**
   * Writes a new item and the idempotency record of its request, so that a retry never creates a second item.
   *
   * @returns what this request or an earlier one with the same key created, or `undefined` if another request
   *   took the row
   * @throws IdempotencyKeyReusedError if the key was used for a request with a different body
   */
  create(item: Item, record: IdempotencyRecord, signal: AbortSignal): Promise<Creation | undefined> {
    return createOnce(this.table, item, record, signal);
  }

  /** The item with this key, by a strongly consistent read. */
  async get({ id, timestamp }: ItemKey, signal: AbortSignal): Promise<StoredItem | undefined> {
    const row = await readRow(this.table, { id, timestamp }, signal);
    return row === undefined ? undefined : storedItem(row);
  }

  /**
   * Deletes an item if the condition is met.
   *
   * @returns "absent" if the item did not exist, "kept" if it exists but does not meet the condition
   */
  async delete(
    key: ItemKey,
    condition: Exclude<Condition, "absent">,
    signal: AbortSignal,
  ): Promise<"deleted" | "absent" | "kept"> {
    const command = new DeleteItemCommand({
      TableName: this.table.name,
      Key: rowKey(key),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ...conditionExpression(condition),
    });
    try {
      await tableCall(this.table.client.send(command, { abortSignal: signal }));
      return "deleted";
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (error.Item !== undefined) return "kept";
      // If an answer was lost, the client's second attempt finds the row already deleted by its first.
      return Number(error.$metadata.attempts) > 1 ? "deleted" : "absent";
    }
  }

  /**
   * An id's items from `from` to `to`, both included. The read is strongly consistent: an item is listed as
   * soon as it is written.
   *
   * @param limit the most items to return; fewer are returned if they exceed 1 MB together
   */
  async page(
    id: string,
    { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
    signal: AbortSignal,
  ): Promise<Page> {
    const command = new QueryCommand({
      TableName: this.table.name,
      KeyConditionExpression: "id = :id AND #timestamp BETWEEN :from AND :to",
      ExpressionAttributeNames: { "#timestamp": "timestamp" },
      ExpressionAttributeValues: attributes({ ":id": id, ":from": from, ":to": to }),
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: limit,
    });
    const { Items = [], LastEvaluatedKey } = await tableCall(
      this.table.client.send(command, { abortSignal: signal }),
    );
    return { items: Items.map((row) => storedItem(row).item), more: LastEvaluatedKey !== undefined };
  }

  /**
   * A timestamp not taken by any item of the id, from `from` up to a minute later, or `undefined` if there is
   * none.
   */
  async freeTimestamp(id: string, from: number, signal: AbortSignal): Promise<number | undefined> {
    const to = Math.min(from + ASSIGNED_AHEAD_MS, ITEM_TIMESTAMP_MAX);
    const { items } = await this.page(id, { from, to, limit: 1 }, signal);
    const free = items[0] === undefined ? from : items[0].timestamp + 1;
    return free <= to ? free : undefined;
  }

  /** Checks that the table answers, by reading a row that cannot exist. */
  async check(signal: AbortSignal): Promise<void> {
    await readRow(this.table, HEALTH_KEY, signal);
  }
}
