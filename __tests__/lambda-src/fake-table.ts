import { setTimeout as wait } from "node:timers/promises";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";

export type Attributes = Record<string, Record<string, unknown>>;

export interface TableCall {
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: the operation determines the input's type
  readonly input: any;
}

/**
 * What goes wrong with a call: an error by name, or the connection is lost before or after the table did its
 * work. A delayed request reaches the table when the test says so.
 */
export type Fault =
  | { readonly error: string; readonly message?: string; readonly reasons?: readonly object[] }
  | "lose request"
  | "delay request"
  | "lose answer";

type Answer = readonly [status: number, body: object];

/** An in-memory table with DynamoDB's semantics, for the few expressions that the repository uses. */
export class FakeTable {
  readonly calls: TableCall[] = [];
  readonly rows = new Rows();
  /** Largest page of a query, in bytes. DynamoDB's limit is 1 MB. */
  pageBytes = 1024 * 1024;
  /**
   * How far the table's clock is ahead of the function's. It refuses requests signed more than 5 minutes off
   * its clock.
   */
  clockAheadMs = 0;
  /** How long a transaction is in progress, in milliseconds, drawn for each one. */
  transactionMs: () => number = () => 1;
  /**
   * What becomes of a transaction that meets another one on a row: it fails, and the other one goes on, or
   * both fail. DynamoDB does either, depending on which row each one reaches first. The reasons name only the
   * rows that they share.
   */
  conflictsFail: "the later one" | "both" = "the later one";
  private readonly inProgress = new Map<string, { readonly conflicts: Set<string> }>();
  private delayed: TableCall[] = [];
  private readonly tokens = new Set<string>();

  /** Called for every call. `undefined` lets it through. */
  fault: (call: TableCall, callNumber: number) => Fault | undefined = () => undefined;

  /** A client as in production, except that its requests never leave the process. */
  client(): DynamoDBClient {
    const handle = async ({
      headers,
      body,
    }: {
      headers: Record<string, string>;
      body: string | Uint8Array;
    }) => {
      const operation = `${headers["x-amz-target"]}`.replace(/^.*\./, "");
      const input = JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body));
      const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(`${headers["x-amz-date"]}`) ?? [];
      const signedAt = Date.parse(`${day} ${time}`.replace(/(..)(..) (..)(..)(..)$/, "-$1-$2T$3:$4:$5Z"));
      const skewed = Math.abs(Date.now() + this.clockAheadMs - signedAt) > 5 * 60_000;
      const [statusCode, answer] = skewed
        ? failure("RequestTimeTooSkewed")
        : await this.serve({ operation, input }, () => {
            throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
          });
      const date = new Date(Date.now() + this.clockAheadMs);
      return {
        response: {
          statusCode,
          headers: { date: date.toUTCString() },
          body: Buffer.from(JSON.stringify(answer)),
        },
      };
    };
    return new DynamoDBClient({
      region: "eu-west-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 2,
      // biome-ignore lint/suspicious/noExplicitAny: the client only calls this method
      requestHandler: { handle, metadata: { handlerProtocol: "http/1.1" } } as any,
    });
  }

  /** Replaces the client and is thirty times as fast: requests are not serialized, signed or retried. */
  direct(): DynamoDBClient {
    const send = async (command: { readonly input: object }) => {
      const operation = command.constructor.name.replace(/Command$/, "");
      const [status, body] = await this.serve({ operation, input: command.input }, () => {
        throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      });
      if (status === 200) return body;
      const { __type, ...rest } = body as { __type: string; message: string };
      const name = __type.replace(/^.*#/, "");
      const facts = { ...rest, $metadata: { attempts: 1, httpStatusCode: status } };
      if (name === "ConditionalCheckFailedException") throw new ConditionalCheckFailedException(facts);
      if (name === "TransactionCanceledException") throw new TransactionCanceledException(facts);
      throw Object.assign(new Error(rest.message), facts, { name });
    };
    return { send } as unknown as DynamoDBClient;
  }

  /** @param hangUp ends the connection, if a fault says so */
  async serve(call: TableCall, hangUp: () => never): Promise<Answer> {
    this.calls.push(call);
    const fault = this.fault(call, this.calls.length);
    if (typeof fault === "object") return failure(fault.error, fault.message, fault.reasons);
    if (fault === "lose request") return hangUp();
    if (fault === "delay request") {
      this.delayed.push(call);
      return hangUp();
    }
    const answer = await this.answer(call);
    return fault === "lose answer" ? hangUp() : answer;
  }

  /** Carries out the requests that were delayed. Nobody sees the responses. */
  async deliverDelayed(): Promise<void> {
    const calls = this.delayed;
    this.delayed = [];
    for (const call of calls) await this.answer(call);
  }

  /** Every item, without the idempotency records. */
  items(): Attributes[] {
    return this.rows.all().filter((row) => Number(row.timestamp?.N) >= 0);
  }

  private answer({ operation, input }: TableCall): Answer | Promise<Answer> {
    if (operation === "PutItem") return this.put(input);
    if (operation === "GetItem") return this.get(input);
    if (operation === "DeleteItem") return this.delete(input);
    if (operation === "Query") return this.query(input);
    if (operation === "TransactWriteItems") return this.transact(input);
    return failure("UnknownOperationException");
  }

  private put(input: TableCall["input"]): Answer {
    if (this.inProgress.has(keyOf(input.Item))) return failure("TransactionConflictException");
    const old = this.rows.get(input.Item);
    if (!holds(input, old)) return refused(input, old);
    this.rows.put(input.Item);
    return [200, {}];
  }

  private get({ Key }: TableCall["input"]): Answer {
    const Item = this.rows.get(Key);
    return [200, Item === undefined ? {} : { Item }];
  }

  private delete(input: TableCall["input"]): Answer {
    if (this.inProgress.has(keyOf(input.Key))) return failure("TransactionConflictException");
    const old = this.rows.get(input.Key);
    if (!holds(input, old)) return refused(input, old);
    this.rows.delete(input.Key);
    return [200, {}];
  }

  private query(input: TableCall["input"]): Answer {
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values, Limit } = input;
    const condition = `${input.KeyConditionExpression}`.replace(/#\w+/g, (name) => names[name]);
    if (condition !== "id = :id AND timestamp BETWEEN :from AND :to" || input.ScanIndexForward !== false)
      throw new Error("the fake table only lists an id's rows between two timestamps, newest first");
    const keysOnly = input.ProjectionExpression !== undefined;
    if (keysOnly && names[input.ProjectionExpression] !== "timestamp")
      throw new Error("the fake table only projects timestamps");
    const found = this.rows.newest(values[":id"].S, Number(values[":from"].N), Number(values[":to"].N));
    const Items: Attributes[] = [];
    let bytes = 0;
    let more = false;
    for (const row of found) {
      bytes += JSON.stringify(row).length;
      more = bytes > this.pageBytes && Items.length > 0;
      if (more) break;
      Items.push(keysOnly ? { timestamp: row.timestamp ?? {} } : row);
      // Like DynamoDB, which does not check whether anything follows a page that ended at its limit.
      more = Items.length === Limit;
      if (more) break;
    }
    const last = Items.at(-1);
    return [
      200,
      { Items, ...(more && last ? { LastEvaluatedKey: { id: last.id, timestamp: last.timestamp } } : {}) },
    ];
  }

  private async transact({ TransactItems, ClientRequestToken }: TableCall["input"]): Promise<Answer> {
    if (ClientRequestToken !== undefined && this.tokens.has(ClientRequestToken)) return [200, {}];
    const puts: TableCall["input"][] = TransactItems.map(({ Put }: TableCall["input"]) => Put);
    const keys = puts.map(({ Item }) => keyOf(Item));
    const others = keys.map((key) => this.inProgress.get(key));
    if (others.some((other) => other !== undefined)) {
      if (this.conflictsFail === "both") for (const key of keys) this.inProgress.get(key)?.conflicts.add(key);
      return cancelled(others.map((other) => ({ Code: other ? "TransactionConflict" : "None" })));
    }
    const own = { conflicts: new Set<string>() };
    for (const key of keys) this.inProgress.set(key, own);
    await wait(this.transactionMs());
    for (const key of keys) this.inProgress.delete(key);
    if (own.conflicts.size > 0) {
      return cancelled(
        keys.map((key) => ({ Code: own.conflicts.has(key) ? "TransactionConflict" : "None" })),
      );
    }
    const reasons = puts.map((put) => {
      const old = this.rows.get(put.Item);
      if (holds(put, old)) return { Code: "None" };
      return {
        Code: "ConditionalCheckFailed",
        ...(put.ReturnValuesOnConditionCheckFailure === "ALL_OLD" ? { Item: old } : {}),
      };
    });
    if (reasons.some(({ Code }) => Code !== "None")) return cancelled(reasons);
    for (const put of puts) this.rows.put(put.Item);
    this.tokens.add(ClientRequestToken);
    return [200, {}];
  }
}

/** Rows by key, and each id's timestamps in order, because an id can have thousands. */
class Rows {
  private readonly byKey = new Map<string, Attributes>();
  private readonly histories = new Map<string, number[]>();

  get size(): number {
    return this.byKey.size;
  }

  all(): Attributes[] {
    return [...this.byKey.values()];
  }

  get(key: Attributes): Attributes | undefined {
    return this.byKey.get(keyOf(key));
  }

  put(row: Attributes): void {
    if (this.get(row) === undefined) {
      const history = this.history(row);
      history.splice(position(history, Number(row.timestamp?.N)), 0, Number(row.timestamp?.N));
    }
    this.byKey.set(keyOf(row), row);
  }

  delete(key: Attributes): void {
    if (!this.byKey.delete(keyOf(key))) return;
    const history = this.history(key);
    history.splice(position(history, Number(key.timestamp?.N)), 1);
  }

  *newest(id: string, from: number, to: number): Generator<Attributes> {
    const history = this.histories.get(id) ?? [];
    for (let index = position(history, to + 1) - 1; index >= 0; index -= 1) {
      const timestamp = history[index] as number;
      if (timestamp < from) return;
      yield this.byKey.get(`${id}\n${timestamp}`) as Attributes;
    }
  }

  private history({ id }: Attributes): number[] {
    const history = this.histories.get(`${id?.S}`) ?? [];
    this.histories.set(`${id?.S}`, history);
    return history;
  }
}

/** The index at which a number is in a sorted list, or would be inserted. */
const position = (sorted: readonly number[], number: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < number) low = middle + 1;
    else high = middle;
  }
  return low;
};

export const failure = (
  name: string,
  message = `${name} of the stub`,
  reasons?: readonly object[],
): Answer => [
  name === "InternalServerError" ? 500 : 400,
  {
    __type: `com.amazonaws.dynamodb.v20120810#${name}`,
    message,
    ...(reasons === undefined ? {} : { CancellationReasons: reasons }),
  },
];

const cancelled = (reasons: readonly object[]): Answer =>
  failure("TransactionCanceledException", "Transaction cancelled", reasons);

const refused = (
  { ReturnValuesOnConditionCheckFailure }: TableCall["input"],
  old: Attributes | undefined,
): Answer => {
  const [status, body] = failure("ConditionalCheckFailedException");
  const shown = ReturnValuesOnConditionCheckFailure === "ALL_OLD" && old !== undefined;
  return [status, { ...body, ...(shown ? { Item: old } : {}) }];
};

const keyOf = ({ id, timestamp }: Attributes): string => {
  if (typeof id?.S !== "string" || typeof timestamp?.N !== "string")
    throw new Error("not a key of the table");
  return `${id.S}\n${Number(timestamp.N)}`;
};

const holds = (
  { ConditionExpression, ExpressionAttributeValues: values }: TableCall["input"],
  row: Attributes | undefined,
): boolean =>
  ConditionExpression === undefined ||
  ConditionExpression.split(" OR ").some((term: string) => {
    const [, existence, attribute] = /^attribute_(not_exists|exists)\((\w+)\)$/.exec(term) ?? [];
    if (attribute !== undefined) return (row?.[attribute] !== undefined) === (existence === "exists");
    const [, name = "", operator, value = ""] = /^(\w+) ([=<]) (:\w+)$/.exec(term) ?? [];
    if (operator === undefined) throw new Error(`the fake table does not support ${term}`);
    const [left, right] = [row?.[name], values[value]];
    if (left === undefined) return false;
    return operator === "=" ? left.S === right.S : Number(left.N) < Number(right.N);
  });
