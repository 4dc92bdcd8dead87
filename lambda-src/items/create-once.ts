import {
  type CancellationReason,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { pause } from "../runtime/pause";
import { type AttributeValue, fromAttributes } from "./attribute-value";
import { conditionExpression } from "./condition";
import type { IdempotencyRecord } from "./idempotency-record";
import type { Item } from "./item";
import { IdempotencyKeyReusedError } from "./item-errors";
import { attributes, itemRow, newEtag } from "./item-row";
import { RESERVED_TIMESTAMP } from "./reserved-keys";
import { isTooLarge, readRow, type Table, tableCall, tooLarge, unavailable } from "./table-call";

/** The item that an idempotent request created, either now or when it was sent before. */
export interface Creation {
  readonly timestamp: number;
  readonly etag: string;
  readonly replayed: boolean;
}

/** How many times a transaction is attempted if it conflicts with another one on the same rows. */
export const TRANSACTION_ATTEMPTS = 6;

/**
 * Writes a new item and the idempotency record of its request in one transaction, so that a retry never
 * creates a second item.
 *
 * @returns what this request or an earlier one with the same key created, or `undefined` if another request
 *   took the row
 * @throws IdempotencyKeyReusedError if the key was used for a request with a different body
 */
export const createOnce = async (
  table: Table,
  item: Item,
  record: IdempotencyRecord,
  signal: AbortSignal,
  attempt = 1,
): Promise<Creation | undefined> => {
  const etag = newEtag();
  const command = new TransactWriteItemsCommand({
    TransactItems: [itemPut(table, item, etag), recordPut(table, record, item.timestamp, etag)],
  });
  try {
    await tableCall(table.client.send(command, { abortSignal: signal }));
    return { timestamp: item.timestamp, etag, replayed: false };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const [ofItem = {}, ofRecord = {}] = error.CancellationReasons ?? [];
    if (isTaken(ofRecord)) return replay(ofRecord.Item, record, etag);
    if (isTaken(ofItem)) return undefined;
    if (isTooLarge(ofItem.Code, ofItem.Message)) throw tooLarge(error);
    // Another transaction is writing one of the rows, or the table throttled this one.
    if (attempt === TRANSACTION_ATTEMPTS) throw unavailable(error);
  }
  await pause(attempt, signal);
  // Reading conflicts with nothing, so a request that lost to another one with its key stops competing here.
  const found = await readRow(table, { id: record.id, timestamp: RESERVED_TIMESTAMP }, signal);
  return Number(found?.expiresAt?.N) >= record.now
    ? replay(found, record, etag)
    : createOnce(table, item, record, signal, attempt + 1);
};

const itemPut = ({ name }: Table, item: Item, etag: string) => ({
  Put: { TableName: name, Item: itemRow(item, etag), ...conditionExpression("absent") },
});

const recordPut = (
  { name }: Table,
  { id, requestHash, now, expiresAt }: IdempotencyRecord,
  timestamp: number,
  etag: string,
) => ({
  Put: {
    TableName: name,
    Item: attributes({
      id,
      timestamp: RESERVED_TIMESTAMP,
      requestHash,
      expiresAt,
      created: { timestamp, etag },
    }),
    ConditionExpression: "attribute_not_exists(id) OR expiresAt < :now",
    ExpressionAttributeValues: attributes({ ":now": now }),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
  },
});

const isTaken = ({ Code }: CancellationReason): boolean => Code === "ConditionalCheckFailed";

/** What the record's request created. It is this very request's work if only its answer was lost. */
const replay = (row: AttributeValue = {}, { requestHash }: IdempotencyRecord, etag: string): Creation => {
  const remembered = fromAttributes(row) as { requestHash?: string; created: Omit<Creation, "replayed"> };
  if (remembered.requestHash !== requestHash) {
    throw new IdempotencyKeyReusedError(
      "Send a new Idempotency-Key: this one was already used with a different body.",
    );
  }
  return { ...remembered.created, replayed: remembered.created.etag !== etag };
};
