import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { ApiResponse } from "../../../lambda-src/api/api-response";
import { FAILURES_TOLERATED, TRANSACTION_ATTEMPTS } from "../../../lambda-src/items/create-once";
import { idempotencyRecord, TTL_ATTRIBUTE } from "../../../lambda-src/items/idempotency-record";
import { RESERVED_TIMESTAMP } from "../../../lambda-src/items/reserved-keys";
import type { Fault } from "../fake-table";
import { Api, type Call, json, outcome, slowFirstCalls } from "./api";

describe("Idempotency-Key", () => {
  const post = (api: Api, body: unknown, key = "key", changes: Call["changes"] = {}) =>
    api.ask("createItem", { body, headers: { "Idempotency-Key": key }, changes });

  const signedBy = (userArn: string) =>
    ({ requestContext: { requestId: "r", path: "/dev/items", identity: { userArn } } }) as never;

  const reasons = (...codes: string[]) => ({
    error: "TransactionCanceledException",
    reasons: codes.map((Code) => ({ Code })),
  });

  it("returns the item that was created first when a request is sent again", async () => {
    const api = new Api();

    const first = await post(api, { id: "a", data: { n: 1 } });
    api.now += 5_000;
    const again = await post(api, { id: "a", data: { n: 1 } });

    expect(outcome(again)).toBe("201");
    expect(again.body).toBe(first.body);
    expect(again.headers).toEqual({ ...first.headers, "idempotent-replayed": "true" });
    expect(first.headers).not.toHaveProperty("idempotent-replayed");
    expect(api.table.items()).toHaveLength(1);
    expect(api.counted).toEqual({ ItemCreated: 1, IdempotentReplay: 1 });
  });

  const expectOneItem = (api: Api, responses: readonly ApiResponse[]) => {
    expect(new Set(responses.map(outcome))).toEqual(new Set(["201"]));
    expect(new Set(responses.map(({ body }) => body)).size).toBe(1);
    expect(new Set(responses.map(({ headers }) => headers.etag)).size).toBe(1);
    expect(api.table.items()).toHaveLength(1);
    expect(api.counted).toEqual({ ItemCreated: 1, IdempotentReplay: responses.length - 1 });
  };

  describe.each([
    ["an assigned timestamp", { id: "a", data: {} }],
    ["a given timestamp", { id: "a", timestamp: 5, data: {} }],
  ])("returns the same item to 50 parallel requests with one key and %s", (_, body) => {
    const fifty = (request: (n: number) => Promise<ApiResponse>) =>
      Promise.all(Array.from({ length: 50 }, (_, n) => request(n)));

    it.each(["sdk", "direct"] as const)("through the client %s", async (client) => {
      const api = new Api(client);

      expectOneItem(api, await fifty(() => post(api, body)));
    });

    it.each(["the later one", "both"] as const)(
      "if transactions take 5 to 25 ms and %s of two that meet fails",
      async (conflictsFail) => {
        const api = new Api("direct");
        api.table.conflictsFail = conflictsFail;
        api.table.transactionMs = () => 5 + 20 * Math.random();

        expectOneItem(api, await fifty(() => post(api, body)));
      },
    );

    it("if a transaction takes 600 ms", async () => {
      const api = new Api("direct");
      api.table.transactionMs = () => 600;

      expectOneItem(api, await fifty(() => post(api, body)));
    });

    it("if they arrive over half a second, as cold starts do", async () => {
      const api = new Api("direct");
      api.table.transactionMs = () => 5 + 20 * Math.random();

      expectOneItem(api, await fifty((n) => wait(n * 10).then(() => post(api, body))));
    });

    it("if every tenth call gets no response, although half of these did their work", async () => {
      const api = new Api("direct");
      api.table.fault = (_call, number) =>
        number % 10 > 0 ? undefined : number % 20 === 0 ? "lose answer" : "lose request";

      expectOneItem(api, await fifty(() => post(api, body)));
    });

    it("if each call takes 300 ms", async () => {
      const api = new Api("direct");
      const serve = api.table.serve.bind(api.table);
      jest.spyOn(api.table, "serve").mockImplementation(async (...call) => {
        await wait(150);
        const answered = await serve(...call);
        await wait(150);
        return answered;
      });

      expectOneItem(api, await fifty(() => post(api, body)));
    });

    it.each([0, 500, 1_000])(
      "if the first call of each takes a second, of which %d ms pass before it arrives, as cold starts do",
      async (beforeMs) => {
        const api = new Api("direct");
        slowFirstCalls(api, 50, beforeMs);

        expectOneItem(api, await fifty(() => post(api, body)));
      },
    );

    it("if every third call is throttled", async () => {
      const api = new Api();
      api.table.fault = (_call, number) => (number % 3 === 0 ? { error: "ThrottlingException" } : undefined);

      expectOneItem(api, await fifty(() => post(api, body)));
    });

    it("if the first caller failed before it wrote anything", async () => {
      const api = new Api("direct");
      api.table.fault = (_call, number) => (number === 1 ? { error: "AccessDeniedException" } : undefined);
      const failed = await post(api, body);

      expect(failed.statusCode).toBe(500);
      expectOneItem(api, await fifty(() => post(api, body)));
    });

    it("if the first caller crashed after it wrote", async () => {
      const api = new Api("direct");
      await post(api, body);
      api.counted.ItemCreated = 0;

      const responses = await fifty(() => post(api, body));

      expect(new Set(responses.map(outcome))).toEqual(new Set(["201"]));
      expect(api.table.items()).toHaveLength(1);
      expect(api.counted).toEqual({ ItemCreated: 0, IdempotentReplay: 50 });
    });

    it("if the record is still being written when the item already exists", async () => {
      const api = new Api();
      await post(api, body);
      api.table.fault = ({ operation }, number) =>
        operation === "TransactWriteItems" && number <= 3
          ? reasons("ConditionalCheckFailed", "TransactionConflict")
          : undefined;

      const again = await post(api, body);

      expect(outcome(again)).toBe("201");
      expect(again.headers).toHaveProperty("idempotent-replayed");
    });
  });

  it.each([
    [200, 10],
    [50, 390_000],
  ])("gives one item to %d parallel requests with one key and %d bytes", async (requests, bytes) => {
    const api = new Api("direct");
    const body = { id: "a", data: { text: "x".repeat(bytes) } };

    expectOneItem(api, await Promise.all(Array.from({ length: requests }, () => post(api, body))));
  });

  it("gives one item to 50 parallel requests with one key while others without a key add to its id", async () => {
    const api = new Api("direct");
    const others = Array.from({ length: 50 }, (_, n) =>
      api.ask("createItem", { body: { id: "a", data: { n } } }),
    );

    const responses = await Promise.all(Array.from({ length: 50 }, () => post(api, { id: "a", data: {} })));

    expect(new Set(responses.map(outcome))).toEqual(new Set(["201"]));
    expect(new Set(responses.map(({ body }) => body)).size).toBe(1);
    expect(new Set((await Promise.all(others)).map(outcome))).toEqual(new Set(["201"]));
    expect(api.table.items()).toHaveLength(51);
  });

  it("gives 25 of 50 parallel requests the item, and 422 to the 25 with another body", async () => {
    const api = new Api("direct");

    const responses = await Promise.all(
      Array.from({ length: 50 }, (_, n) => post(api, { id: "a", data: { n: n % 2 } })),
    );

    const outcomes = responses.map(outcome);
    expect(outcomes.filter((text) => text === "201")).toHaveLength(25);
    expect(outcomes.filter((text) => text === "422 idempotency-key-reused")).toHaveLength(25);
    expect(api.table.items()).toHaveLength(1);
  });

  it("looks for the result between its transactions, and sends transactions less and less often", async () => {
    jest.spyOn(Math, "random").mockReturnValue(0);
    const api = new Api("direct");
    api.table.fault = ({ operation }) =>
      operation === "TransactWriteItems" ? reasons("None", "TransactionConflict") : undefined;

    const response = await post(api, { id: "a", data: {} });
    jest.restoreAllMocks();

    expect(outcome(response)).toBe("503 table-unavailable");
    const made = api.table.calls.map(({ operation }) => (operation === "GetItem" ? "." : "T")).join("");
    expect(made).toBe(
      Array.from({ length: TRANSACTION_ATTEMPTS }, (_, n) => `T${".".repeat(2 ** n)}`).join(""),
    );
  });

  it("creates 50 items for 50 parallel requests with different keys", async () => {
    const api = new Api("direct");

    const responses = await Promise.all(
      Array.from({ length: 50 }, (_, n) => post(api, { id: `a${n}`, data: {} }, `key-${n}`)),
    );

    expect(new Set(responses.map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
    expect(api.table.items()).toHaveLength(50);
  });

  it("answers 422 if the key comes with a different body", async () => {
    const api = new Api();
    await post(api, { id: "a", data: { n: 1 } });

    const other = await post(api, { id: "a", data: { n: 2 } });

    expect(outcome(other)).toBe("422 idempotency-key-reused");
    expect(json(other).detail).toContain("Send a new Idempotency-Key");
    expect(api.table.items()).toHaveLength(1);
  });

  it("treats the same body with its names in another order as the same", async () => {
    const api = new Api();
    await post(api, '{"id":"a","data":{"x":[{"p":1,"q":2}],"y":2}}');

    const again = await post(api, '{ "data": {"y":2, "x":[{"q":2,"p":1}]}, "id":"a" }');
    const reordered = await post(api, '{"id":"a","data":{"x":[{"p":2,"q":1}],"y":2}}');

    expect(outcome(again)).toBe("201");
    expect(outcome(reordered)).toBe("422 idempotency-key-reused");
  });

  it("treats bodies as the same only if they are the same JSON, apart from the order of names", () => {
    // Few names and values, so that many are equal.
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom(null, 0, "", "a"),
        fc.array(tie("value"), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom("0", "a", "b"), tie("value"), { noNullPrototype: true }),
      ),
    }));
    const hash = (body: unknown) =>
      idempotencyRecord({ operationId: "createItem", caller: "c", key: "k", body, now: 0 }).requestHash;

    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(hash(one) === hash(other)).toBe(isDeepStrictEqual(one, other));
        expect(hash(reversed(one))).toBe(hash(one));
      }),
      { numRuns: 2_000 },
    );
  });

  it("distinguishes an empty list from an empty object", async () => {
    const api = new Api();
    const first = await post(api, { id: "a", data: { x: [] } });

    const second = await post(api, { id: "a", data: { x: {} } });

    expect([outcome(first), outcome(second)]).toEqual(["201", "422 idempotency-key-reused"]);
  });

  it("keeps two callers' keys apart", async () => {
    const api = new Api();

    const one = await post(api, { id: "a", data: {} }, "key", signedBy("arn:aws:iam::1:user/one"));
    const two = await post(
      api,
      { id: "a", data: { other: true } },
      "key",
      signedBy("arn:aws:iam::1:user/two"),
    );

    expect([outcome(one), outcome(two)]).toEqual(["201", "201"]);
    expect(api.table.items()).toHaveLength(2);
  });

  it.each([
    ["a role's", "arn:aws:sts::111122223333:assumed-role/orders/1732500000", "1732503600"],
    ["a role's with a path of its own", "arn:aws:sts::111122223333:assumed-role/orders/i-0abc", "i-0def"],
    ["a single sign-on role's", "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_1/a@b.c", "d@e.f"],
    ["a role's in another partition", "arn:aws-us-gov:sts::111122223333:assumed-role/orders/one", "two"],
    ["a role's in China", "arn:aws-cn:sts::111122223333:assumed-role/orders/one", "a=b,c.d@e-f"],
  ])("recognizes a caller after %s session was refreshed", async (_, arn, session) => {
    const api = new Api();

    const first = await post(api, { id: "a", data: {} }, "key", signedBy(arn));
    const again = await post(
      api,
      { id: "a", data: {} },
      "key",
      signedBy(`${arn.slice(0, arn.lastIndexOf("/"))}/${session}`),
    );

    expect(again.body).toBe(first.body);
    expect(again.headers).toHaveProperty("idempotent-replayed");
    expect(api.table.items()).toHaveLength(1);
  });

  it.each([
    ["another role", "arn:aws:sts::111122223333:assumed-role/orders-admin/one"],
    ["the same role in another account", "arn:aws:sts::444455556666:assumed-role/orders/one"],
    ["the same role in another partition", "arn:aws-cn:sts::111122223333:assumed-role/orders/one"],
    ["a federated user", "arn:aws:sts::111122223333:federated-user/orders/one"],
    ["a user with that name", "arn:aws:iam::111122223333:user/orders/one"],
    ["the account's root", "arn:aws:iam::111122223333:root"],
  ])("keeps the keys of a role and of %s apart", async (_, other) => {
    const api = new Api();

    await post(
      api,
      { id: "a", data: {} },
      "key",
      signedBy("arn:aws:sts::111122223333:assumed-role/orders/one"),
    );
    const second = await post(api, { id: "a", data: {} }, "key", signedBy(other));

    expect(second.headers).not.toHaveProperty("idempotent-replayed");
    expect(api.table.items()).toHaveLength(2);
  });

  it("keeps the keys of two IAM users in one path apart", async () => {
    const api = new Api();

    await post(api, { id: "a", data: {} }, "key", signedBy("arn:aws:iam::111122223333:user/team/one"));
    const second = await post(
      api,
      { id: "a", data: {} },
      "key",
      signedBy("arn:aws:iam::111122223333:user/team/two"),
    );

    expect(second.headers).not.toHaveProperty("idempotent-replayed");
  });

  it("keeps the keys of two users of an identity pool apart, whose role is the same", async () => {
    const api = new Api();
    const userArn = "arn:aws:sts::111122223333:assumed-role/web/CognitoIdentityCredentials";
    const user = (cognitoIdentityId: string) =>
      ({ requestContext: { requestId: "r", identity: { userArn, cognitoIdentityId } } }) as never;

    const first = await post(api, { id: "a", data: {} }, "key", user("eu-west-1:1"));
    const again = await post(api, { id: "a", data: {} }, "key", user("eu-west-1:1"));
    const other = await post(api, { id: "a", data: {} }, "key", user("eu-west-1:2"));

    expect(again.body).toBe(first.body);
    expect(other.headers).not.toHaveProperty("idempotent-replayed");
  });

  it.each([
    ["a user pool's subject", { authorizer: { principalId: "p", claims: { sub: "s" } } }],
    ["an authorizer's principal", { authorizer: { principalId: "s" } }],
    ["anonymous callers", { identity: { userArn: null }, authorizer: {} }],
  ])("scopes a key to %s if the request is not signed", async (who, context) => {
    const api = new Api();
    const changes = { requestContext: { requestId: "r", ...context } as never };

    await post(api, { id: "a", data: {} }, "key", changes);
    const again = await post(api, { id: "a", data: {} }, "key", changes);
    const signed = await post(api, { id: "a", data: {} }, "key", signedBy("arn:aws:iam::1:user/one"));

    const other = await post(
      api,
      { id: "a", data: {} },
      "key",
      JSON.parse(JSON.stringify(changes).replace('"s"', '"t"')),
    );

    expect(again.headers).toHaveProperty("idempotent-replayed");
    expect("idempotent-replayed" in other.headers).toBe(who === "anonymous callers");
    expect(signed.headers).not.toHaveProperty("idempotent-replayed");
  });

  it("does not remember a request that failed", async () => {
    const api = new Api();
    await post(api, { id: "a", timestamp: 1, data: {} }, "other-key");

    const taken = await post(api, { id: "a", timestamp: 1, data: { mine: true } });
    await api.ask("deleteItem", { path: { id: "a", timestamp: "1" }, headers: { "If-Match": "*" } });
    const free = await post(api, { id: "a", timestamp: 1, data: { mine: true } });

    expect(outcome(taken)).toBe("409 item-exists");
    expect(outcome(free)).toBe("201");
    expect(free.headers).not.toHaveProperty("idempotent-replayed");
  });

  it("moves to a free millisecond and remembers it", async () => {
    const api = new Api();
    await post(api, { id: "a", data: {} }, "other-key");

    const first = await post(api, { id: "a", data: {} });
    const again = await post(api, { id: "a", data: {} });

    expect(json(first).timestamp).toBe(api.now + 1);
    expect(again.body).toBe(first.body);
  });

  it.each(["lose answer", "lose request"] as const)(
    "creates one item if the client has to send its call twice: %s",
    async (fault) => {
      const api = new Api();
      api.table.fault = (_call, number) => (number === 1 ? fault : undefined);

      const first = await post(api, { id: "a", data: {} });
      const again = await post(api, { id: "a", data: {} });

      expect(outcome(first)).toBe("201");
      expect(again.body).toBe(first.body);
      expect(api.table.items()).toHaveLength(1);
    },
  );

  it("creates one item if the function dies after the write and the client sends the request again", async () => {
    const api = new Api();
    api.table.fault = (_call, number) =>
      number === 1 ? "lose answer" : number === 2 ? { error: "AccessDeniedException" } : undefined;

    const died = await post(api, { id: "a", data: {} });
    const again = await post(api, { id: "a", data: {} });

    expect(died.statusCode).toBe(500);
    expect(again.headers).toHaveProperty("idempotent-replayed");
    expect(api.table.items()).toHaveLength(1);
  });

  it("recognizes its own idempotency record when the table reports it as taken", async () => {
    const api = new Api();
    api.table.fault = (call, number) => {
      if (number !== 2) return undefined;
      const [, record] = call.input.TransactItems;
      return {
        error: "TransactionCanceledException",
        reasons: [{ Code: "None" }, { Code: "ConditionalCheckFailed", Item: record.Put.Item }],
      };
    };
    await post(api, { id: "b", data: {} }, "other-key");

    const response = await post(api, { id: "a", data: {} });

    expect(response.headers).not.toHaveProperty("idempotent-replayed");
    expect(api.counted).toEqual({ ItemCreated: 2 });
  });

  it("tries again while another transaction is in progress", async () => {
    const api = new Api();
    api.table.fault = ({ operation }, number) =>
      operation === "TransactWriteItems" && number <= 3 ? reasons("TransactionConflict", "None") : undefined;

    const response = await post(api, { id: "a", timestamp: 5, data: {} });

    expect(outcome(response)).toBe("201");
    expect(api.table.items()).toHaveLength(1);
  });

  it.each<[string, Fault]>([
    ["throttled transactions", reasons("None", "ThrottlingError")],
    ["cancellations without a reason", { error: "TransactionCanceledException" }],
    ["calls without a response", "lose request"],
    ["throttled calls", { error: "ThrottlingException" }],
    ["failures of the table", { error: "InternalServerError" }],
  ])("gives up with 503 after a few %s", async (_, fault) => {
    const api = new Api("direct");
    const isCancellation = typeof fault === "object" && fault.error === "TransactionCanceledException";
    let failed = 0;
    api.table.fault = ({ operation }) => {
      if (isCancellation && operation !== "TransactWriteItems") return undefined;
      failed += 1;
      return fault;
    };

    const response = await post(api, { id: "a", timestamp: 5, data: {} });

    expect(outcome(response)).toBe("503 table-unavailable");
    expect(failed).toBe(1 + FAILURES_TOLERATED);
  });

  it.each([
    ["survives", FAILURES_TOLERATED, "201"],
    ["gives up after", FAILURES_TOLERATED + 1, "503 table-unavailable"],
  ])("%s %d calls without a response", async (_, lost, expected) => {
    const api = new Api("direct");
    api.table.fault = (_call, number) => (number <= lost ? "lose request" : undefined);

    const response = await post(api, { id: "a", data: {} });

    expect(outcome(response)).toBe(expected);
  });

  it("reports no replay if it moved to another timestamp before it finds its own item", async () => {
    const api = new Api("direct");
    api.table.fault = (_call, number) => {
      if (number === 1) return "delay request";
      if (number !== 3) return undefined;
      // The first transaction has arrived, and still holds the item. The reasons do not name the record.
      void api.table.deliverDelayed();
      return reasons("TransactionConflict", "None");
    };

    const response = await post(api, { id: "a", data: {} });

    expect(outcome(response)).toBe("201");
    expect(response.headers).not.toHaveProperty("idempotent-replayed");
    expect(json(response).timestamp).toBe(api.now);
    expect(api.counted).toEqual({ ItemCreated: 1 });
    expect(api.table.items()).toHaveLength(1);
  });

  it("stores one item if its first transaction arrives after it moved to another timestamp", async () => {
    const api = new Api("direct");
    await api.ask("createItem", { body: { id: "a", data: {} } });
    const first = api.table.calls.length + 1;
    api.table.fault = (_call, number) => (number === first ? "delay request" : undefined);

    const response = await post(api, { id: "a", data: {} });
    await api.ask("deleteItem", {
      path: { id: "a", timestamp: `${api.now}` },
      headers: { "If-Match": "*" },
    });
    await api.table.deliverDelayed();
    const again = await post(api, { id: "a", data: {} });

    expect(json(response).timestamp).toBe(api.now + 1);
    expect(api.table.items()).toHaveLength(1);
    expect(again.body).toBe(response.body);
  });

  it("finds its item at a given timestamp even if the table's refusal does not name the record", async () => {
    const api = new Api("direct");
    const first = await post(api, { id: "a", timestamp: 5, data: {} });
    api.table.fault = ({ operation }) =>
      operation === "TransactWriteItems" ? reasons("ConditionalCheckFailed", "None") : undefined;

    const again = await post(api, { id: "a", timestamp: 5, data: {} });
    const other = await post(api, { id: "a", timestamp: 5, data: {} }, "other-key");

    expect(again.body).toBe(first.body);
    expect(again.headers).toHaveProperty("idempotent-replayed");
    expect(outcome(other)).toBe("409 item-exists");
    expect(api.counted).toEqual({ ItemCreated: 1, IdempotentReplay: 1, Conflict: 1 });
  });

  it("finds its own item if the table is still writing it when the client sends its call again", async () => {
    const api = new Api("direct");
    api.table.fault = (_call, number) =>
      number === 1 ? "lose answer" : number <= 5 ? undefined : { error: "AccessDeniedException" };

    const response = await post(api, { id: "a", data: {} });

    expect(outcome(response)).toBe("201");
    expect(response.headers).not.toHaveProperty("idempotent-replayed");
    expect(api.counted).toEqual({ ItemCreated: 1 });
  });

  it("waits for its own first attempt, if that is still in progress", async () => {
    const api = new Api("direct");
    api.table.fault = (_call, number) =>
      number === 1 ? { error: "TransactionInProgressException" } : undefined;

    const response = await post(api, { id: "a", data: {} });

    expect(outcome(response)).toBe("201");
  });

  it.each([
    ["an assigned timestamp moves on", { id: "a", data: {} }, "TsT"],
    ["a given timestamp waits", { id: "a", timestamp: 5, data: {} }, "T.T"],
  ])("if another request writes only the item, %s", async (_, body, expected) => {
    const api = new Api("direct");
    api.table.fault = (_call, number) => (number === 1 ? reasons("TransactionConflict", "None") : undefined);

    const response = await post(api, body);

    expect(outcome(response)).toBe("201");
    const letters: Record<string, string> = { TransactWriteItems: "T", GetItem: ".", Query: "s" };
    expect(api.table.calls.map(({ operation }) => letters[operation]).join("")).toBe(expected);
  });

  it("does not mistake a cancellation without reasons for a success", async () => {
    const api = new Api();
    api.table.fault = ({ operation }) =>
      operation === "TransactWriteItems" ? { error: "TransactionCanceledException" } : undefined;

    const response = await post(api, { id: "a", data: {} });

    expect(outcome(response)).toBe("503 table-unavailable");
  });

  it("does not claim an idempotency record that the table does not return", async () => {
    const api = new Api();
    api.table.fault = () => reasons("None", "ConditionalCheckFailed");

    const response = await post(api, { id: "a", data: {} });

    expect(outcome(response)).toBe("422 idempotency-key-reused");
  });

  it("forgets a key after a day, even if TTL has not deleted its record yet", async () => {
    const api = new Api();
    await post(api, { id: "a", data: {} });

    api.now += 24 * 60 * 60 * 1_000;
    const lastDay = await post(api, { id: "a", data: {} });
    api.now += 1_000;
    const after = await post(api, { id: "a", data: { other: true } });

    expect(lastDay.headers).toHaveProperty("idempotent-replayed");
    expect(outcome(after)).toBe("201");
    expect(api.table.items()).toHaveLength(2);
  });

  it("stores idempotency records under keys that no item can have and no list returns", async () => {
    const api = new Api();

    await post(api, { id: "a", data: {} });

    const [recordRow] = api.table.rows.all().filter(({ id }) => id?.S !== "a");
    expect(recordRow).toEqual({
      id: { S: expect.stringMatching(/^idempotency\/[\w-]{43}$/) },
      timestamp: { N: `${RESERVED_TIMESTAMP}` },
      requestHash: { S: expect.stringMatching(/^[\w-]{43}$/) },
      [TTL_ATTRIBUTE]: { N: `${api.now / 1_000 + 86_400}` },
      created: { M: { timestamp: { N: `${api.now}` }, etag: { S: expect.any(String) } } },
    });
    const listed = await api.ask("listItems", { path: { id: `${recordRow?.id?.S}` } });
    const read = await api.ask("getItem", { path: { id: "a", timestamp: "-1" } });
    expect([outcome(listed), outcome(read)]).toEqual(["400 invalid-parameter", "400 invalid-parameter"]);
  });

  it("keeps two operations' keys apart", () => {
    const request = { caller: "c", key: "k", body: {}, now: 0 };

    const ids = ["createItem", "otherItem"].map(
      (operationId) => idempotencyRecord({ ...request, operationId }).id,
    );

    expect(new Set(ids).size).toBe(2);
  });

  it.each(["", " ", "a b", "é", "a".repeat(256)])("answers 400 for the key %j", async (key) => {
    const response = await post(new Api(), { id: "a", data: {} }, key);

    expect(outcome(response)).toBe("400 invalid-parameter");
    expect(json(response).detail).toContain("Idempotency-Key must be 1 to 255 visible ASCII characters");
  });
});

/** The same JSON value with each object's names in reverse order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, child]) => [name, reversed(child)]),
  );
};
