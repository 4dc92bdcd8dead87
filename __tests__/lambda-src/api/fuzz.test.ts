import fc from "fast-check";
import type { ApiResponse } from "../../../lambda-src/api/api-response";
import type { Operation } from "../../../lambda-src/api/operation";
import { type OperationId, operations } from "../../../lambda-src/api/operations";
import { problemsByKind } from "../../../lambda-src/api/problems";
import { campaignProgress, campaignSize, campaignTimeoutMs } from "../../support/campaign";
import { Api, type Call } from "./api";
import { anyCall } from "./fuzz-calls";
import { FuzzMemory } from "./fuzz-memory";
import { lostNumbers } from "./sent-numbers";
import { violations } from "./violations";

const INPUTS = campaignSize(5_000, 100_000);
/** The floors hold for each so many inputs in turn, so that a long run does not end up in a state that it cannot leave. */
const WINDOW = 5_000;
const SEED = 20_261_123;

/**
 * The least share of requests with each outcome, in percent. Every status that an operation documents needs one. The
 * outcomes in words are those that only a request with something from an earlier response can have.
 */
const floors: Readonly<Record<OperationId, Readonly<Record<string, number>>>> = {
  createItem: { success: 30, 201: 30, 400: 10, 409: 5, 413: 0.5, 415: 2, 422: 2, "201, replayed": 1 },
  listItems: { success: 30, 200: 30, 400: 10, 404: 2, "200 with a cursor": 10, "400, another list": 3 },
  getItem: { success: 30, 200: 30, 400: 10, 404: 5 },
  putItem: {
    ...{ success: 30, 200: 10, 201: 10, 400: 10, 412: 5, 413: 0.5, 415: 2, 428: 2 },
    "200 with an ETag": 10,
  },
  deleteItem: { success: 30, 204: 30, 400: 10, 404: 5, 412: 5, 428: 2, "204 with an ETag": 20 },
  getHealth: { success: 100, 200: 100 },
};

const outcomesOf = ({ headers = {}, query = {} }: Call, response: ApiResponse): readonly string[] => {
  const { statusCode, body } = response;
  if (statusCode === 400 && body.includes("The cursor belongs to")) return ["400", "400, another list"];
  if (statusCode >= 300) return [`${statusCode}`];
  return [
    "success",
    `${statusCode}`,
    ...(response.headers["idempotent-replayed"] ? [`${statusCode}, replayed`] : []),
    ...(headers["If-Match"]?.startsWith('"') ? [`${statusCode} with an ETag`] : []),
    ...(query.cursor === undefined ? [] : [`${statusCode} with a cursor`]),
  ];
};

/** Lists what is unsafe in a response, whatever the request was. */
const unsafe = ({ statusCode, headers, body }: ApiResponse, secret: string): string[] => [
  ...(statusCode >= 500 ? [`${statusCode}`] : []),
  ...(/[\r\n]/.test(Object.values(headers).join()) ? ["a line break in a header"] : []),
  ...(headers["x-content-type-options"] === "nosniff" ? [] : ["a type that a browser may guess"]),
  ...(statusCode >= 400 && /<script|jndi|1=1|set-cookie/.test(body) ? ["markup of the request"] : []),
  ...(body.includes(secret) ? ["a header of the request"] : []),
  ...("admin" in {} ? ["a polluted prototype"] : []),
];

/** The numbers that an item has not kept, if the request stored one. */
const lost = (
  api: Api,
  id: OperationId,
  call: Call,
  { statusCode, headers, body }: ApiResponse,
): string[] => {
  if ((id !== "createItem" && id !== "putItem") || statusCode >= 300) return [];
  const item = JSON.parse(body);
  const row = api.table.rows.get({ id: { S: item.id }, timestamp: { N: `${item.timestamp}` } });
  // A replay can be of an item that was deleted.
  if (row === undefined) return headers["idempotent-replayed"] === "true" ? [] : ["the item"];
  return lostNumbers(call, row).map((number) => `the number ${number}`);
};

/** The shares that are below their floor. */
const missed = (id: OperationId, counts: Readonly<Record<string, number>>, sent: number): string[] =>
  Object.entries(floors[id])
    .map(([outcome, floor]) => ({ outcome, floor, share: (100 * (counts[outcome] ?? 0)) / WINDOW }))
    .filter(({ floor, share }) => share < floor)
    .map(
      ({ outcome, floor, share }) =>
        `${outcome}: ${share.toFixed(1)} %, not ${floor} % of the ${WINDOW} inputs up to ${sent} (seed ${SEED})`,
    );

/** The API on its own table, with what its responses said. */
class FuzzedApi extends Api {
  readonly memory = new FuzzMemory();

  async send(id: OperationId, call: Call): Promise<ApiResponse> {
    const response = await this.ask(id, call);
    this.memory.learn(id, call, response);
    return response;
  }

  /** Creates one of a few items, unless it exists, so that there is always something to replace and to delete. */
  async ensureItem(number: number): Promise<void> {
    const path = { id: "abc".charAt(Math.floor(number / 3) % 3), timestamp: `${Math.floor(number / 9) % 6}` };
    await this.send("putItem", { path, body: { data: { number } } });
  }
}

describe.each(Object.keys(operations) as OperationId[])("%s under any input", (id) => {
  it(
    "responds as documented, never with a 5xx, echoes nothing from a refused request, and reaches every status",
    async () => {
      // One request in fifty goes through the SDK's serialization, which is thirty times slower.
      const [direct, sdk] = [new FuzzedApi("direct"), new FuzzedApi("sdk")];
      let counts: Record<string, number> = {};
      let sent = 0;

      const progress = campaignProgress(`inputs to ${id}`, INPUTS);
      await fc.assert(
        fc.asyncProperty(anyCall(id), fc.uuid(), async (plan, secret) => {
          sent += 1;
          progress(sent);
          const api = sent % 50 === 0 ? sdk : direct;
          api.now += 1;
          if (id === "deleteItem" || sent % 3 === 0) await api.ensureItem(sent);
          const call = plan(api.memory);
          const response = await api.send(id, {
            ...call,
            headers: { ...call.headers, "X-Secret": secret },
          });

          for (const outcome of outcomesOf(call, response)) counts[outcome] = (counts[outcome] ?? 0) + 1;
          // At most one expectation per request: each takes as long as the request itself.
          const wrong = [
            ...violations(id, response),
            ...unsafe(response, secret),
            ...lost(api, id, call, response),
          ];
          if (wrong.length > 0) expect({ call, wrong }).toEqual({ call, wrong: [] });
          if (sent % WINDOW > 0) return;
          expect(missed(id, counts, sent)).toEqual([]);
          counts = {};
        }),
        // A request depends on those before it, so a smaller one would not fail in the same way.
        { numRuns: INPUTS, seed: SEED, endOnFailure: true },
      );

      expect(sent).toBe(INPUTS);
      expect(INPUTS % WINDOW).toBe(0);
      for (const { table } of [direct, sdk]) {
        // Every row is an item that the schema allows, or an idempotency record.
        expect(table.rows.all().filter((row) => !isSound(row))).toEqual([]);
      }
    },
    campaignTimeoutMs,
  );

  it("has a floor for every status that can occur without a fault of the table", () => {
    const { successes, problems }: Operation = operations[id];

    const statuses = [...Object.keys(successes), ...problems.map((kind) => `${problemsByKind[kind].status}`)];

    expect(Object.keys(floors[id]).filter((outcome) => /^\d+$/.test(outcome))).toEqual(
      [...new Set(statuses)].filter((status) => status !== "503").sort(),
    );
    expect(floors[id].success).toBeGreaterThanOrEqual(30);
  });
});

const isSound = ({
  id,
  timestamp,
  data,
  etag,
  expiresAt,
}: Record<string, Record<string, unknown>>): boolean =>
  `${id?.S}`.startsWith("idempotency/")
    ? timestamp?.N === "-1" && expiresAt !== undefined
    : !/[/%]/.test(`${id?.S}`) && Number(timestamp?.N) >= 0 && data?.M !== undefined && etag?.S !== undefined;
