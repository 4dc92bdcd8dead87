import {
  type CancellationReason,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { callFailure } from "../runtime/call-failure";
import { pause } from "../runtime/pause";
import { type AttributeValue, fromAttributes } from "./attribute-value";
import { conditionExpression, type NewItemCondition } from "./condition";
import type { IdempotencyRecord } from "./idempotency-record";
import type { Item } from "./item";
import { IdempotencyKeyReusedError, TableUnavailableError } from "./item-errors";
import { attributes, itemRow } from "./item-row";
import { RESERVED_TIMESTAMP } from "./reserved-keys";
import { isTooLarge, readRow, type Table, tableCall, tooLarge, unavailable } from "./table-call";

/** The item that an idempotent request created, either now or when it was sent before. */
export interface Creation {
  readonly timestamp: number;
  readonly etag: string;
  readonly replayed: boolean;
}

/** What is written together, or not at all. */
export interface IdempotentWrite {
  readonly item: Item;
  /** The item's version: the same for every timestamp that a request tries, so that the request knows its own record. */
  readonly etag: string;
  readonly condition: NewItemCondition;
  readonly record: IdempotencyRecord;
}

/** How many times a transaction is attempted if it conflicts with another one on the same rows. */
export const TRANSACTION_ATTEMPTS = 6;

/** How many calls can get no response, or be throttled, before the request fails. */
export const FAILURES_TOLERATED = 3;

/** The pause after this many attempts is the longest: up to 200 milliseconds. */
const LONGEST_PAUSE = 4;

/**
 * Writes a new item and the idempotency record of its request in one transaction, so that a retry never
 * creates a second item, and a request that crashes leaves either both or nothing.
 *
 * If another request is writing either row, or it is unknown what became of the transaction, it reads the
 * record. Reads never conflict, but transactions do, so it reads once before the second transaction, then
 * twice, four times and so on: at most 6 transactions and 63 reads in the time that `signal` leaves.
 *
 * @returns what this request or an earlier one with the same key created, or `undefined` if another request
 *   took the row
 * @throws IdempotencyKeyReusedError if the key was used for a request with a different body
 */
export const createOnce = async (
  table: Table,
  write: IdempotentWrite,
  signal: AbortSignal,
): Promise<Creation | undefined> => {
  let failures = 0;
  let attempts = 0;
  let lastError: unknown;
  for (let round = 0; round < TRANSACTION_ATTEMPTS; round += 1) {
    for (let step = 0; step <= 2 ** round; step += 1) {
      try {
        const known = await (step === 0 ? transact : look)(table, write, signal);
        // No other timestamp will be tried, so make sure that this key did not create the item.
        if (known === "taken") {
          return write.condition === "absent" ? await look(table, write, signal) : undefined;
        }
        if (known !== undefined) return known;
      } catch (error) {
        if (!(error instanceof TableUnavailableError) || signal.aborted) throw error;
        if (!isInProgress(error.cause)) failures += 1;
        if (failures > FAILURES_TOLERATED) throw error;
        lastError = error;
      }
      attempts += 1;
      await pause(Math.min(attempts, LONGEST_PAUSE), signal);
    }
  }
  throw lastError;
};

const transact = async (
  table: Table,
  write: IdempotentWrite,
  signal: AbortSignal,
): Promise<Creation | "taken"> => {
  const { item, etag, condition } = write;
  const command = new TransactWriteItemsCommand({
    TransactItems: [itemPut(table, write), recordPut(table, write)],
  });
  try {
    await tableCall(table.client.send(command, { abortSignal: signal }));
    return { timestamp: item.timestamp, etag, replayed: false };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const [ofItem = {}, ofRecord = {}] = error.CancellationReasons ?? [];
    if (isTaken(ofRecord)) return replay(ofRecord.Item, write);
    // If the record is being written as well, the item can be the one that this key creates.
    const isBusy = condition === "free" && ofItem.Code === CONFLICT_REASON;
    if (ofRecord.Code === "None" && (isTaken(ofItem) || isBusy)) return "taken";
    if (isTooLarge(ofItem.Code, ofItem.Message)) throw tooLarge(error);
    throw unavailable(error);
  }
};

const look = async (
  table: Table,
  write: IdempotentWrite,
  signal: AbortSignal,
): Promise<Creation | undefined> => {
  const { record } = write;
  const found = await readRow(table, { id: record.id, timestamp: RESERVED_TIMESTAMP }, signal);
  return Number(found?.expiresAt?.N) >= record.now ? replay(found, write) : undefined;
};

const itemPut = ({ name }: Table, { item, etag, condition }: IdempotentWrite) => ({
  Put: { TableName: name, Item: itemRow(item, etag), ...conditionExpression(condition) },
});

const recordPut = ({ name }: Table, { item, etag, record }: IdempotentWrite) => ({
  Put: {
    TableName: name,
    Item: attributes({
      id: record.id,
      timestamp: RESERVED_TIMESTAMP,
      requestHash: record.requestHash,
      expiresAt: record.expiresAt,
      created: { timestamp: item.timestamp, etag },
    }),
    ConditionExpression: "attribute_not_exists(id) OR expiresAt < :now",
    ExpressionAttributeValues: attributes({ ":now": record.now }),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
  },
});

/** The reason of a row that another transaction is writing. */
const CONFLICT_REASON = "TransactionConflict";

const isTaken = ({ Code }: CancellationReason): boolean => Code === "ConditionalCheckFailed";

/** Whether another transaction on the rows, or this request's own first attempt, was still at work. */
const isInProgress = (cause: unknown): boolean =>
  cause instanceof TransactionCanceledException
    ? cause.CancellationReasons?.some(({ Code }) => Code === CONFLICT_REASON) === true
    : callFailure(cause).name === "TransactionInProgressException";

/** What the record's request created: this request's own work if only the response was lost. */
const replay = (row: AttributeValue = {}, { record, etag }: IdempotentWrite): Creation => {
  const remembered = fromAttributes(row) as { requestHash?: string; created: Omit<Creation, "replayed"> };
  if (remembered.requestHash !== record.requestHash) {
    throw new IdempotencyKeyReusedError(
      "Send a new Idempotency-Key: this one was already used with a different body.",
    );
  }
  return { ...remembered.created, replayed: remembered.created.etag !== etag };
};
