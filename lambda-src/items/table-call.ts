import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { callFailure } from "../runtime/call-failure";
import type { ItemKey } from "./item";
import { ItemTooLargeError, TableUnavailableError } from "./item-errors";
import { rowKey } from "./item-row";

/** The items table, and the client that calls it. */
export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
}

/**
 * Waits for a call to the table.
 *
 * @throws TableUnavailableError if the table throttles the call or does not respond in time
 * @throws ItemTooLargeError if the table finds the item larger than 400 KB
 */
export const tableCall = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (cause) {
    const { name, message, transient } = callFailure(cause);
    if (transient) throw unavailable(cause);
    if (isTooLarge(name, message)) throw tooLarge(cause);
    throw cause;
  }
};

/** The part of a command that is needed to watch it. */
interface WatchedCommand {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's stack is typed by each command's own input
  readonly middlewareStack: { add(middleware: any, options: any): void };
}

/**
 * Watches the attempts of a command that is sent afterwards.
 *
 * @returns whether one of them may have been carried out, or may still be on its way: it failed, but not because the
 *   table refused it
 */
export const watchAttempts = ({ middlewareStack }: WatchedCommand): (() => boolean) => {
  let inDoubt = false;
  const watch = (next: (request: unknown) => Promise<unknown>) => async (request: unknown) => {
    try {
      return await next(request);
    } catch (error) {
      const { status } = callFailure(error);
      inDoubt ||= status < 400 || status >= 500;
      throw error;
    }
  };
  middlewareStack.add(watch, { step: "finalizeRequest", priority: "low" });
  return () => inDoubt;
};

/** Reads any row of the table, with a strongly consistent read. */
export const readRow = async ({ client, name }: Table, key: ItemKey, signal: AbortSignal) => {
  const command = new GetItemCommand({ TableName: name, Key: rowKey(key), ConsistentRead: true });
  const { Item } = await tableCall(client.send(command, { abortSignal: signal }));
  return Item;
};

/** DynamoDB has no error code for an item's size, only this message. */
export const isTooLarge = (code = "", message = ""): boolean =>
  code.startsWith("Validation") && /item size/i.test(message);

export const tooLarge = (cause: unknown) =>
  new ItemTooLargeError("Make the item smaller than 400 KB.", { cause });

export const unavailable = (cause: unknown) =>
  new TableUnavailableError("The table is busy. Wait a moment, then send the request again.", { cause });
