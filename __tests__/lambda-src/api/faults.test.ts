import fc from "fast-check";
import { campaignProgress, campaignSize, campaignTimeoutMs } from "../../support/campaign";
import type { Fault } from "../fake-table";
import { Api, json, outcome } from "./api";

const SEQUENCES = campaignSize(300, 20_000);

/** Faults that a call can meet. With some of them, the table may have done the work anyway. */
const faults: readonly Fault[] = [
  { error: "ThrottlingException" },
  { error: "ProvisionedThroughputExceededException" },
  { error: "InternalServerError" },
  "lose request",
  "lose answer",
];

describe("the API on a failing table", () => {
  afterEach(() => jest.restoreAllMocks());

  const path = { id: "a", timestamp: "5" };

  it.each<[string, Fault, string]>([
    ["credentials that have expired", { error: "ExpiredTokenException" }, "500 about:blank"],
    ["a role without permission", { error: "AccessDeniedException" }, "500 about:blank"],
    ["a table that does not exist", { error: "ResourceNotFoundException" }, "500 about:blank"],
    ["throttling", { error: "ThrottlingException" }, "503 table-unavailable"],
    ["a fault of the service", { error: "InternalServerError" }, "503 table-unavailable"],
    ["connections that break", "lose request", "503 table-unavailable"],
  ])("answers %s with no more than the client needs to know", async (_, fault, expected) => {
    const api = new Api();
    api.table.fault = () => fault;

    const responses = await Promise.all([
      api.ask("createItem", { body: { id: "a", data: {} } }),
      api.ask("createItem", { body: { id: "a", data: {} }, headers: { "Idempotency-Key": "k" } }),
      api.ask("listItems", { path }),
      api.ask("getItem", { path }),
      api.ask("putItem", { path, body: { data: {} } }),
      api.ask("deleteItem", { path, headers: { "If-Match": "*" } }),
      api.ask("getHealth"),
    ]);

    expect(new Set(responses.map(outcome))).toEqual(new Set([expected]));
    for (const response of responses) expect(response.body).not.toMatch(/stub|Exception|socket/);
  });

  it.each([10 * 60_000, -60 * 60_000])(
    "signs again if the table's clock is %d ms ahead",
    async (clockAheadMs) => {
      const api = new Api();
      api.table.clockAheadMs = clockAheadMs;

      const response = await api.ask("createItem", { body: { id: "a", data: {} } });

      expect(outcome(response)).toBe("201");
    },
  );

  it("answers 503 while a transaction is still in progress", async () => {
    jest.spyOn(Math, "random").mockReturnValue(0);
    const api = new Api();
    api.table.fault = ({ operation }) =>
      operation === "TransactWriteItems" ? { error: "TransactionInProgressException" } : undefined;

    const response = await api.ask("createItem", {
      body: { id: "a", data: {} },
      headers: { "Idempotency-Key": "k" },
    });

    expect(outcome(response)).toBe("503 table-unavailable");
  });

  it(
    "stores everything it acknowledges and creates one item per key, whatever fails in between",
    async () => {
      const step = fc.record({
        operation: fc.constantFrom("post", "post", "retry", "retry", "put", "delete"),
        key: fc.integer({ min: 0, max: 4 }),
        faults: fc.array(fc.option(fc.constantFrom(...faults), { nil: undefined }), {
          minLength: 5,
          maxLength: 5,
        }),
      });

      // Pauses take no time.
      jest.spyOn(Math, "random").mockReturnValue(0);
      const progress = campaignProgress("sequences of faults", SEQUENCES);
      let begun = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          begun += 1;
          progress(begun);
          const api = new Api("direct");
          const acknowledged = new Map<string, unknown>();
          const made = new Map<number, Set<string>>();
          let number = 0;
          const stored = ({ id, timestamp }: { id: string; timestamp: number }) =>
            api.table.rows.get({ id: { S: id }, timestamp: { N: `${timestamp}` } });

          for (const { operation, key, faults: planned } of steps) {
            number += 1;
            api.now += 1;
            const first = api.table.calls.length;
            api.table.fault = (_call, callNumber) => planned[callNumber - first - 1];
            if (operation === "post" || operation === "retry") {
              const id = operation === "post" ? "plain" : `key-${key}`;
              const response = await api.ask("createItem", {
                body: { id, data: { of: operation === "post" ? number : key } },
                ...(operation === "post" ? {} : { headers: { "Idempotency-Key": `${key}` } }),
              });
              if (response.statusCode !== 201) continue;
              const item = json(response);
              acknowledged.set(`${item.id}/${item.timestamp}`, item);
              if (operation === "retry") made.set(key, (made.get(key) ?? new Set()).add(response.body));
            } else {
              const own = { id: `put-${key}`, timestamp: "7" };
              const response =
                operation === "put"
                  ? await api
                      .ask("putItem", { path: own, body: { data: { number } }, headers: { "If-Match": "*" } })
                      .then((answer) =>
                        answer.statusCode === 412
                          ? api.ask("putItem", { path: own, body: { data: { number } } })
                          : answer,
                      )
                  : await api.ask("deleteItem", { path: own, headers: { "If-Match": "*" } });
              acknowledged.delete(`${own.id}/7`);
              if (operation === "put" && response.statusCode < 300)
                acknowledged.set(`${own.id}/7`, json(response));
              if (operation === "delete" && response.statusCode === 204) {
                expect(stored({ id: own.id, timestamp: 7 })).toBeUndefined();
              }
            }
          }

          api.table.fault = () => undefined;
          for (const item of acknowledged.values()) {
            const { id, timestamp } = item as { id: string; timestamp: number };
            const read = await api.ask("getItem", { path: { id, timestamp: `${timestamp}` } });
            expect(json(read)).toEqual(item);
          }
          for (const [key, bodies] of made) {
            expect(bodies.size).toBe(1);
            expect(api.table.items().filter(({ id }) => id?.S === `key-${key}`)).toHaveLength(1);
          }
        }),
        { numRuns: SEQUENCES, seed: 20_261_123 },
      );
    },
    campaignTimeoutMs,
  );
});
