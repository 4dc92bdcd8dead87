import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { callFailure, TRANSACTION_CONFLICT } from "../runtime/call-failure";
import { type Condition, conditionExpression, type NewItemCondition, type Refused } from "./condition";
import { type Creation, createOnce, type IdempotentWrite } from "./create-once";
import type { Item, ItemKey } from "./item";
import { TableUnavailableError } from "./item-errors";
import { attributes, itemRow, newEtag, rowKey, type StoredItem, storedItem } from "./item-row";
import { HEALTH_KEY } from "./reserved-keys";
import { readRow, type Table, tableCall, watchAttempts } from "./table-call";

/** A page of an id's history, newest first. */
export interface Page {
  readonly items: readonly Item[];
  /** Whether the table may have more items within the bounds. */
  readonly more: boolean;
}

/** Timestamps, both included, and the most items to return. */
interface Bounds {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/**
 * Items in their table, where `id` is the hash key and `timestamp` the range key. Every method throws
 * TableUnavailableError if the table throttles the call or does not respond before `signal` fires. Methods that write
 * throw ItemTooLargeError if the table finds the item larger than 400 KB.
 */
export class ItemRepository {
  private readonly table: Table;

  constructor(client: DynamoDBClient, tableName: string) {
    this.table = { client, name: tableName };
  }

  /**
   * Writes an item if the condition is met.
   *
   * @returns the item's new version, or the refusal if the condition was not met
   */
  async put(item: Item, condition: Condition, signal: AbortSignal): Promise<string | Refused> {
    const etag = newEtag();
    const command = new PutItemCommand({
      TableName: this.table.name,
      Item: itemRow(item, etag),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ...conditionExpression(condition),
    });
    const inDoubt = watchAttempts(command);
    try {
      await tableCall(this.table.client.send(command, { abortSignal: signal }));
      return etag;
    } catch (error) {
      // An attempt that is still on its way could write the item too, once the transaction is over.
      if (condition === "free" && isConflict(error) && !inDoubt()) return { exists: false, inDoubt: false };
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // If a response was lost, the client's second attempt finds the row that its first attempt wrote.
      if (error.Item?.etag?.S === etag) return etag;
      return { exists: error.Item !== undefined, inDoubt: inDoubt() };
    }
  }

  /**
   * Writes a new item and the idempotency record of its request, so that a retry never creates a second item.
   *
   * @returns what this request or an earlier one with the same key created, or `undefined` if another request
   *   took the row
   * @throws IdempotencyKeyReusedError if the key was used for a request with a different body
   */
  create(write: IdempotentWrite, signal: AbortSignal): Promise<Creation | undefined> {
    return createOnce(this.table, write, signal);
  }

  /** The item with this key, by a strongly consistent read. */
  async get({ id, timestamp }: ItemKey, signal: AbortSignal): Promise<StoredItem | undefined> {
    const row = await readRow(this.table, { id, timestamp }, signal);
    return row === undefined ? undefined : storedItem(row);
  }

  /**
   * Deletes an item if the condition is met.
   *
   * @returns `undefined` if the item was deleted, or the refusal if the condition was not met
   */
  async delete(
    key: ItemKey,
    condition: Exclude<Condition, NewItemCondition>,
    signal: AbortSignal,
  ): Promise<Refused | undefined> {
    const command = new DeleteItemCommand({
      TableName: this.table.name,
      Key: rowKey(key),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ...conditionExpression(condition),
    });
    const inDoubt = watchAttempts(command);
    try {
      await tableCall(this.table.client.send(command, { abortSignal: signal }));
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { exists: error.Item !== undefined, inDoubt: inDoubt() };
    }
  }

  /**
   * An id's items from `from` to `to`, both included. The read is strongly consistent: an item is listed as
   * soon as it is written.
   *
   * @param limit the most items to return; fewer are returned if they exceed 1 MB together
   */
  async page(id: string, { from, to, limit }: Bounds, signal: AbortSignal): Promise<Page> {
    const { Items = [], LastEvaluatedKey } = await this.query(id, { from, to, limit }, signal);
    return { items: Items.map((row) => storedItem(row).item), more: LastEvaluatedKey !== undefined };
  }

  /** The newest timestamp that the id has from `from` to `to`, both included. Reads one item. */
  async newest(id: string, from: number, to: number, signal: AbortSignal): Promise<number | undefined> {
    const { Items = [] } = await this.query(id, { from, to, limit: 1 }, signal, "#timestamp");
    return Items[0] === undefined ? undefined : storedItem(Items[0]).item.timestamp;
  }

  private query(id: string, { from, to, limit }: Bounds, signal: AbortSignal, projection?: string) {
    const command = new QueryCommand({
      TableName: this.table.name,
      KeyConditionExpression: "id = :id AND #timestamp BETWEEN :from AND :to",
      ExpressionAttributeNames: { "#timestamp": "timestamp" },
      ExpressionAttributeValues: attributes({ ":id": id, ":from": from, ":to": to }),
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: limit,
      ProjectionExpression: projection,
    });
    return tableCall(this.table.client.send(command, { abortSignal: signal }));
  }

  /** Checks that the table responds, by reading a row that cannot exist. */
  async check(signal: AbortSignal): Promise<void> {
    await readRow(this.table, HEALTH_KEY, signal);
  }
}

const isConflict = (error: unknown): boolean =>
  error instanceof TableUnavailableError && callFailure(error.cause).name === TRANSACTION_CONFLICT;
