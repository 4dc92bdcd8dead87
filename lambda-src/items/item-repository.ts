import { isDeepStrictEqual } from "node:util";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { ItemTooLargeError, TableUnavailableError } from "../runtime/errors";
import type { Item } from "./item";
import { isItemTooLarge, isTableUnavailable } from "./table-failure";

/** Items in their table: `id` is the hash key, `timestamp` the range key. */
export class ItemRepository {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly tableName: string,
  ) {}

  /**
   * Writes a row, unless one with its id and timestamp is there: no row is ever replaced.
   *
   * @returns whether the row was written
   * @throws TableUnavailableError where the table refuses for load or does not answer before `signal` fires
   * @throws ItemTooLargeError where the table finds the item larger than 400 KB
   */
  async put(item: Item, signal: AbortSignal): Promise<boolean> {
    const command = new PutCommand({
      TableName: this.tableName,
      Item: { ...item, data: toMaps(item.data) },
      ConditionExpression: "attribute_not_exists(id)",
    });
    try {
      await this.answer(this.documents.send(command, { abortSignal: signal }), signal);
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // After a lost answer the client's second attempt finds the row that its first one wrote.
      return (error.$metadata.attempts ?? 1) > 1 && isDeepStrictEqual(await this.find(item, signal), item);
    }
  }

  /**
   * An id's rows, newest first, by a strongly consistent read: a row is seen as soon as it is written.
   *
   * @param limit most rows to return, 1 to 100; fewer come back where they exceed 1 MB together
   * @throws TableUnavailableError as `put` does
   */
  async newest(id: string, limit: number, signal: AbortSignal): Promise<Item[]> {
    return this.query(
      { KeyConditionExpression: "id = :id", ExpressionAttributeValues: { ":id": id }, Limit: limit },
      signal,
    );
  }

  private async find({ id, timestamp }: Item, signal: AbortSignal): Promise<Item | undefined> {
    const [item] = await this.query(
      {
        KeyConditionExpression: "id = :id AND #timestamp = :timestamp",
        ExpressionAttributeNames: { "#timestamp": "timestamp" },
        ExpressionAttributeValues: { ":id": id, ":timestamp": timestamp },
      },
      signal,
    );
    return item;
  }

  private async query(input: Omit<QueryCommand["input"], "TableName">, signal: AbortSignal): Promise<Item[]> {
    const command = new QueryCommand({
      TableName: this.tableName,
      ScanIndexForward: false,
      ConsistentRead: true,
      ...input,
    });
    const { Items = [] } = await this.answer(this.documents.send(command, { abortSignal: signal }), signal);
    return Items.map(({ id, timestamp, data }) => ({ id, timestamp, data: data ?? {} }));
  }

  private async answer<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await call;
    } catch (cause) {
      if (signal.aborted || isTableUnavailable(cause)) {
        throw new TableUnavailableError("The table is busy. Send the request again after a pause.", {
          cause,
        });
      }
      if (isItemTooLarge(cause)) throw new ItemTooLargeError("Make the item smaller than 400 KB.", { cause });
      throw cause;
    }
  }
}

/** Objects as maps, at every depth: the document client takes an object's own `constructor` for its class. */
const toMaps = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(toMaps);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([name, child]) => [name, toMaps(child)]));
};
