import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { TRANSACTION_ATTEMPTS } from "../../../lambda-src/items/create-once";
import { idempotencyRecord, TTL_ATTRIBUTE } from "../../../lambda-src/items/idempotency-record";
import { RESERVED_TIMESTAMP } from "../../../lambda-src/items/reserved-keys";
import { Api, type Call, json, outcome } from "./api";

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

  it.each(["sdk", "direct"] as const)(
    "returns the same item to 50 parallel requests with one key (%s)",
    async (client) => {
      const api = new Api(client);

      const responses = await Promise.all(Array.from({ length: 50 }, () => post(api, { id: "a", data: {} })));

      expect(new Set(responses.map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
      expect(new Set(responses.map(({ body }) => body)).size).toBe(1);
      expect(new Set(responses.map(({ headers }) => headers.etag)).size).toBe(1);
      expect(api.table.items()).toHaveLength(1);
      expect(api.counted).toEqual({ ItemCreated: 1, IdempotentReplay: 49 });
    },
  );

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
    api.table.fault = (_call, number) => (number <= 2 ? "lose answer" : undefined);

    const died = await post(api, { id: "a", data: {} });
    const again = await post(api, { id: "a", data: {} });

    expect(outcome(died)).toBe("503 table-unavailable");
    expect(outcome(again)).toBe("201");
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

  it("tries again while another transaction is in progress, and gives up with 503", async () => {
    const api = new Api();
    api.table.fault = ({ operation }, number) =>
      operation === "TransactWriteItems" && number <= 3 ? reasons("TransactionConflict", "None") : undefined;

    const won = await post(api, { id: "a", data: {} });
    api.table.fault = ({ operation }) =>
      operation === "TransactWriteItems" ? reasons("None", "ThrottlingError") : undefined;
    const lost = await post(api, { id: "b", data: {} }, "other-key");

    expect(outcome(won)).toBe("201");
    expect(outcome(lost)).toBe("503 table-unavailable");
    expect(api.table.calls.filter(({ operation }) => operation === "TransactWriteItems")).toHaveLength(
      3 + TRANSACTION_ATTEMPTS,
    );
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
