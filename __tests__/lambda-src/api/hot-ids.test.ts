import { NEAR_MS, RANGES_MS } from "../../../lambda-src/items/assigned-timestamps";
import type { Fault } from "../fake-table";
import { Api, json, outcome, slowFirstCalls } from "./api";

/** One search, and a write for each timestamp that is tried. */
const CALLS_MAX = 2 + RANGES_MS.length;

/** One id that many requests add to in the same millisecond. The clock stands still. */
describe("POST /items without a timestamp", () => {
  const median = (numbers: readonly number[]) =>
    [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

  /** Sends requests at the same time, each with a body that tells its calls to the table apart. */
  const burst = async (api: Api, requests: number, withKeys: "with keys" | "without keys") => {
    const before = api.table.calls.length;
    const responses = await Promise.all(
      Array.from({ length: requests }, (_, n) =>
        api.ask("createItem", {
          body: { id: "hot", data: { n } },
          headers: withKeys === "with keys" ? { "Idempotency-Key": `key-${n}` } : {},
        }),
      ),
    );
    const made = api.table.calls.slice(before);
    const written = made.map(({ input }) => input.Item ?? input.TransactItems?.[0].Put.Item);
    // Whoever writes a second time has searched before.
    const calls = responses.map((_, n) => {
      const writes = written.filter((item) => item?.data?.M?.n?.N === `${n}`).length;
      return writes + (writes > 1 ? 1 : 0);
    });
    return {
      responses,
      calls,
      made,
      timestamps: responses.map((response) => json(response).timestamp as number),
    };
  };

  const expectAllStored = async (api: Api, requests: number, withKeys: "with keys" | "without keys") => {
    const { responses, calls, made, timestamps } = await burst(api, requests, withKeys);

    expect(new Set(responses.map(outcome))).toEqual(new Set(["201"]));
    expect(new Set(timestamps).size).toBe(requests);
    expect(api.table.items()).toHaveLength(requests);
    expect(median(calls)).toBeLessThanOrEqual(4);
    expect(Math.max(...calls)).toBeLessThanOrEqual(CALLS_MAX);
    // No call is left out of these figures.
    expect(calls.reduce((sum, count) => sum + count)).toBe(made.length);
    expect(Math.min(...timestamps)).toBeGreaterThanOrEqual(api.now);
    expect(Math.max(...timestamps)).toBeLessThan(api.now + 60_000);
    expect(api.counted).toEqual({ ItemCreated: requests });
    return timestamps;
  };

  it.each([2, 3, 10, 50, 200])(
    "stores all of %d requests in one millisecond, each in at most 4 calls in the median",
    async (requests) => {
      const api = new Api("direct");

      const timestamps = await expectAllStored(api, requests, "without keys");

      expect(Math.min(...timestamps)).toBe(api.now);
    },
  );

  describe.each(["the later one", "both"] as const)("with keys, if %s of two that meet fails", (fails) => {
    it.each([2, 3, 10, 50])(
      "stores all of %d requests in one millisecond, each in at most 4 calls in the median",
      async (requests) => {
        const api = new Api("direct");
        api.table.conflictsFail = fails;

        await expectAllStored(api, requests, "with keys");
      },
    );
  });

  describe.each(["without keys", "with keys"] as const)("%s", (withKeys) => {
    it("keeps most of 50 requests within 256 milliseconds of the clock", async () => {
      const api = new Api("direct");

      const { timestamps } = await burst(api, 50, withKeys);

      const near = timestamps.filter((timestamp) => timestamp - api.now <= 256);
      expect(near.length).toBeGreaterThanOrEqual(35);
    });

    it("stores 50 requests in a millisecond with 500 items at and after it", async () => {
      const api = new Api("direct");
      for (let ahead = 0; ahead <= 500; ahead += 1)
        api.table.rows.put({ id: { S: "hot" }, timestamp: { N: `${api.now + ahead}` } });

      const { responses, calls } = await burst(api, 50, withKeys);

      expect(new Set(responses.map(outcome))).toEqual(new Set(["201"]));
      expect(median(calls)).toBeLessThanOrEqual(4);
    });
  });

  it("stores 1,000 requests of 50 milliseconds, 20 in each", async () => {
    const api = new Api("direct");
    const bursts: Promise<unknown>[] = [];
    for (let millisecond = 0; millisecond < 50; millisecond += 1) {
      bursts.push(burst(api, 20, "without keys"));
      api.now += 1;
    }
    await Promise.all(bursts);

    expect(api.counted).toEqual({ ItemCreated: 1_000 });
    expect(api.table.items()).toHaveLength(1_000);
  });

  it("stores bursts with and without keys that meet in one millisecond", async () => {
    const api = new Api("direct");

    const [some, others] = await Promise.all([burst(api, 25, "with keys"), burst(api, 25, "without keys")]);

    const responses = [...some.responses, ...others.responses];
    expect(new Set(responses.map(outcome))).toEqual(new Set(["201"]));
    expect(new Set([...some.timestamps, ...others.timestamps]).size).toBe(50);
  });

  it("creates 5,000 items from 5,000 requests in one millisecond, and keeps the order of those near the clock", async () => {
    const api = new Api("direct");
    const timestamps: number[] = [];
    let mostCalls = 0;
    let mostCallsNear = 0;

    for (let count = 0; count < 5_000; count += 1) {
      const before = api.table.calls.length;
      const response = await api.ask("createItem", { body: { id: "hot", data: {} } });
      timestamps.push(json(response).timestamp);
      const calls = api.table.calls.length - before;
      mostCalls = Math.max(mostCalls, calls);
      if (count <= NEAR_MS) mostCallsNear = Math.max(mostCallsNear, calls);
    }

    expect(new Set(timestamps).size).toBe(5_000);
    expect(api.counted).toEqual({ ItemCreated: 5_000 });
    expect(mostCalls).toBeLessThanOrEqual(CALLS_MAX);
    expect(mostCallsNear).toBe(3);
    expect(timestamps.slice(0, NEAR_MS)).toEqual(
      Array.from({ length: NEAR_MS }, (_, count) => api.now + count),
    );
  });

  it.each([
    NEAR_MS + 1,
    5_000,
    30_000,
    59_000,
    59_999,
    60_000,
    60_001,
    3_600_000,
    8.64e15 - 1_700_000_000_000,
  ])("is not pushed ahead by items from %d ms ahead of the clock", async (ahead) => {
    const api = new Api("direct");
    for (const timestamp of [api.now, api.now + ahead])
      await api.ask("createItem", { body: { id: "hot", timestamp, data: {} } });

    const one = await api.ask("createItem", { body: { id: "hot", data: {} } });
    const { timestamps } = await burst(api, 3, "without keys");

    expect(json(one).timestamp).toBe(api.now + 1);
    for (const timestamp of timestamps) expect(timestamp - api.now).toBeLessThan(8_192);
  });

  it.each([
    ["right after the clock", [0, 1, 2, 3, 4, 5], 6],
    ["with holes", [0, 2, 4, 98], 99],
    ["at the end of what is near", [0, NEAR_MS], NEAR_MS + 1],
    ["just beyond what is near", [0, NEAR_MS + 1], 1],
    ["before the clock", [-1, 0], 1],
  ])("gets the timestamp after items that are %s", async (_, taken, expected) => {
    const api = new Api();
    for (const ahead of taken)
      api.table.rows.put({ id: { S: "hot" }, timestamp: { N: `${api.now + ahead}` } });

    const response = await api.ask("createItem", { body: { id: "hot", data: {} } });

    expect(json(response).timestamp).toBe(api.now + expected);
    const [, search] = api.table.calls;
    expect(search?.input).toMatchObject({
      Limit: 1,
      ConsistentRead: true,
      ProjectionExpression: "#timestamp",
    });
  });

  it("reads the clock again before it searches, and takes that millisecond if it is free", async () => {
    const api = new Api();
    api.table.rows.put({ id: { S: "hot" }, timestamp: { N: `${api.now}` } });
    api.table.fault = (_call, number) => {
      if (number === 1) api.now += 1_000;
      return undefined;
    };
    const before = api.now;

    const response = await api.ask("createItem", { body: { id: "hot", data: {} } });

    expect(json(response).timestamp).toBe(before + 1_000);
  });

  it.each([
    ["first", 0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    [
      "last",
      1 - Number.EPSILON / 2,
      [0, 0, 255, 4_095, 57_999, 57_999, 57_999, 57_999, 57_999, 57_999, 57_999],
    ],
  ])(
    "tries eleven timestamps at most, drawn from growing ranges: always the %s",
    async (_, random, expected) => {
      jest.spyOn(Math, "random").mockReturnValue(random);
      const api = new Api();
      api.table.fault = ({ operation }) =>
        operation === "PutItem" ? { error: "ConditionalCheckFailedException" } : undefined;

      const response = await api.ask("createItem", { body: { id: "hot", data: {} } });
      jest.restoreAllMocks();

      expect(outcome(response)).toBe("409 item-exists");
      expect(json(response).detail).toContain("Send the request again");
      const writes = api.table.calls.filter(({ operation }) => operation === "PutItem");
      expect(writes.map(({ input }) => Number(input.Item.timestamp.N) - api.now)).toEqual(expected);
      expect(api.table.calls).toHaveLength(CALLS_MAX);
      expect(api.counted).toEqual({ Conflict: 1 });
    },
  );

  const CONFLICT: Fault = { error: "TransactionConflictException" };

  it.each<[string, readonly Fault[]]>([
    ["the only attempt", []],
    ["the second attempt, after one that was throttled", [{ error: "ThrottlingException" }]],
    [
      "the second attempt, after one without throughput",
      [{ error: "ProvisionedThroughputExceededException" }],
    ],
  ])("moves on at once if a transaction is writing the millisecond at %s", async (_, before) => {
    const api = new Api();
    const faults = [...before, CONFLICT];
    api.table.fault = (_call, number) => faults[number - 1];

    const response = await api.ask("createItem", { body: { id: "hot", data: {} } });

    expect(outcome(response)).toBe("201");
    expect(api.table.calls.map(({ operation }) => operation)).toEqual([
      ...before.map(() => "PutItem"),
      ...["PutItem", "Query", "PutItem"],
    ]);
    expect(api.table.items()).toHaveLength(1);
  });

  it.each<[Fault]>([["delay request"], ["lose request"], [{ error: "InternalServerError" }]])(
    "does not move on if an earlier attempt may still arrive, and never stores a request twice: %j",
    async (first) => {
      const api = new Api();
      api.table.fault = (_call, number) => [first, CONFLICT][number - 1];

      const response = await api.ask("createItem", { body: { id: "hot", data: {} } });
      await api.table.deliverDelayed();

      expect(outcome(response)).toBe("503 table-unavailable");
      expect(api.table.items()).toHaveLength(first === "delay request" ? 1 : 0);
      expect(api.counted).toEqual({});
    },
  );

  it("moves on if another item is there, because an earlier attempt can no longer be stored", async () => {
    const api = new Api();
    api.table.rows.put({ id: { S: "hot" }, timestamp: { N: `${api.now}` } });
    api.table.fault = (_call, number) => (number === 1 ? "delay request" : undefined);

    const response = await api.ask("createItem", { body: { id: "hot", data: {} } });
    await api.table.deliverDelayed();

    expect(outcome(response)).toBe("201");
    expect(api.table.items()).toHaveLength(2);
    expect(json(response).timestamp).toBe(api.now + 1);
  });

  it("stores 50 requests in one millisecond if the first call of each takes a second, as cold starts do", async () => {
    const api = new Api("direct");
    slowFirstCalls(api, 50);

    const { responses } = await burst(api, 50, "without keys");

    expect(new Set(responses.map(outcome))).toEqual(new Set(["201"]));
    expect(api.table.items()).toHaveLength(50);
  });

  it.each(["createItem", "putItem", "deleteItem"] as const)(
    "is the only one that does: %s of a given timestamp answers 503",
    async (operation) => {
      const api = new Api();
      api.table.fault = () => ({ error: "TransactionConflictException" });

      const response = await api.ask(operation, {
        path: { id: "hot", timestamp: "5" },
        body: operation === "createItem" ? { id: "hot", timestamp: 5, data: {} } : { data: {} },
        headers: { "If-Match": "*" },
      });

      expect(outcome(response)).toBe("503 table-unavailable");
      expect(api.table.calls).toHaveLength(1);
    },
  );
});
