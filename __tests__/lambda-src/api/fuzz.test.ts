import fc from "fast-check";
import type { ApiResponse } from "../../../lambda-src/api/api-response";
import { type OperationId, operations } from "../../../lambda-src/api/operations";
import { campaignProgress, campaignSize, campaignTimeoutMs, isCampaign } from "../../support/campaign";
import { Api, type Call } from "./api";
import { violations } from "./violations";

const INPUTS = campaignSize(5_000, 100_000);

/**
 * Text that programs trip over: markup, inherited property names, halves of surrogate pairs, other planes.
 */
const oddText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    ".",
    "..",
    "/",
    "%",
    "%2F",
    "%zz",
    "*",
    "null",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "${jndi:ldap://x}",
    "\u0000",
    "\r\nset-cookie: a=b",
    "\ud800",
    "\udc00x",
    "\u202e",
    "\u{1f600}",
    "9".repeat(400),
    "a".repeat(257),
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
);

const goodText = fc.stringMatching(/^[a-zA-Z0-9 ._~+:@é-]{1,20}$/).filter((text) => !/^\.{1,2}$/.test(text));

/** Mostly a few ids and timestamps, so that requests hit each other's items. */
const goodId = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a", "b", "c") },
  { weight: 1, arbitrary: goodText },
);
const goodTimestamp = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 8.64e15 }) },
);

const { good: goodJson, odd: oddJson } = fc.letrec<{ good: unknown; odd: unknown }>((tie) => ({
  good: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>(null, true, false, 0, -0, 1e-130, 2 ** 53 - 1),
    fc.double({ min: -1e15, max: 1e15, noNaN: true }).filter((n) => n === 0 || Math.abs(n) >= 1e-130),
    goodText,
    fc.array(tie("good"), { maxLength: 3 }),
    fc.dictionary(goodText, tie("good"), { maxKeys: 3, noNullPrototype: true }),
  ),
  odd: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>(
      Number.POSITIVE_INFINITY,
      -1e300,
      2 ** 53,
      1e-200,
      5e-324,
      Number.MIN_SAFE_INTEGER - 1,
    ),
    fc.double(),
    oddText,
    fc.array(tie("odd"), { maxLength: 3 }),
    fc.dictionary(oddText, tie("odd"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const goodData = fc.dictionary(goodText, goodJson, { maxKeys: 4, noNullPrototype: true });

/** Bodies that are not an item, or contain something that cannot be stored. */
const oddBody = fc.oneof(
  fc.constant(undefined),
  oddText,
  fc.integer({ min: 1, max: 200 }).map((depth) => `${'{"data":'.repeat(depth)}{}${"}".repeat(depth)}`),
  fc.integer({ min: 1, max: 5_000 }).map((depth) => "[".repeat(depth)),
  fc.constantFrom(
    '{"id":"a","data":{},"__proto__":{"admin":true}}',
    '{"id":"a","data":{"__proto__":{"admin":true}}}',
    '{"id":"a","data":{"constructor":{"prototype":{"admin":true}}}}',
    '{"id":"a","id":"b","data":{}}',
    '{"id":"a","data":{"n":1e999}}',
    '{"id":"a","data":{"n":123456789012345678901234567890}}',
    '{"id":"\\ud800","data":{}}',
    '{"id":"a","data":{},"timestamp":1e400}',
    `{"id":"a","data":{"x":"${"x".repeat(410_000)}"}}`,
    '\ufeff{"id":"a","data":{}}',
  ),
  fc.record(
    {
      id: fc.oneof(goodId, oddJson),
      timestamp: fc.oneof(goodTimestamp, oddJson),
      data: fc.oneof(goodData, oddJson),
    },
    { requiredKeys: [] },
  ),
);

/** Faults on the way from the client to the function: types, encodings, charsets. */
const oddTransport = (call: Call) =>
  fc.constantFrom<Call>(
    { ...call, headers: { ...call.headers, "Content-Type": "text/plain" } },
    { ...call, headers: { ...call.headers, "CONTENT-TYPE": "application/json; charset=utf-16" } },
    { ...call, headers: { ...call.headers, "Content-Encoding": "gzip" } },
    { ...call, changes: { isBase64Encoded: true } },
    { ...call, body: Buffer.from([0xff, 0xfe, 0x00]).toString("base64"), changes: { isBase64Encoded: true } },
    { ...call, changes: { headers: null as never, queryStringParameters: null, pathParameters: null } },
  );

/** The same call with its body in base64, as API Gateway sends binary media types. */
const inBase64 = (call: Call): Call => {
  const text = typeof call.body === "string" ? call.body : (JSON.stringify(call.body) ?? "");
  return { ...call, body: Buffer.from(text).toString("base64"), changes: { isBase64Encoded: true } };
};

const tag = fc.constantFrom("*", '"AAAAAAAAAAAAAAAAAAAAAA"');
const goodPath = fc.record({ id: goodId, timestamp: goodTimestamp.map(String) });
const idPath = fc.record({ id: goodId });
const oddPath = fc.record({
  id: fc.oneof(goodId, oddText),
  timestamp: fc.oneof(goodTimestamp.map(String), oddText),
});
const oddHeaders = (name: string) => fc.oneof(oddText, tag).map((value) => ({ [name]: value }));
const key = fc.option(fc.constantFrom("key-1", "key-2", "key-3"), { nil: undefined });

const calls: Readonly<
  Record<OperationId, { readonly valid: fc.Arbitrary<Call>; readonly odd: fc.Arbitrary<Call> }>
> = {
  createItem: {
    valid: fc
      .record({ id: goodId, data: goodData, timestamp: fc.option(goodTimestamp, { nil: undefined }), key })
      .map(({ key: idempotencyKey, ...body }) => ({
        body,
        ...(idempotencyKey === undefined ? {} : { headers: { "Idempotency-Key": idempotencyKey } }),
      })),
    odd: fc.record({ body: oddBody, headers: oddHeaders("Idempotency-Key") }),
  },
  listItems: {
    valid: fc.record({
      path: idPath,
      query: fc.record(
        {
          limit: fc.integer({ min: 1, max: 100 }).map(String),
          from: fc.constantFrom("0", "1"),
          to: fc.constantFrom("3", "9"),
        },
        { requiredKeys: [] },
      ),
    }),
    odd: fc.record({
      path: oddPath,
      query: fc.dictionary(fc.oneof(fc.constantFrom("limit", "from", "to", "cursor"), oddText), oddText, {
        noNullPrototype: true,
      }),
    }),
  },
  getItem: { valid: fc.record({ path: goodPath }), odd: fc.record({ path: oddPath }) },
  putItem: {
    valid: fc.record({
      path: goodPath,
      body: fc.record({ data: goodData }),
      headers: fc.oneof(
        fc.constant({}),
        tag.map((ifMatch) => ({ "If-Match": ifMatch })),
        fc.constant({ "If-None-Match": "*" }),
      ),
    }),
    odd: fc.record({ path: oddPath, body: oddBody, headers: oddHeaders("If-Match") }),
  },
  deleteItem: {
    valid: fc.record({ path: goodPath, headers: tag.map((ifMatch) => ({ "If-Match": ifMatch })) }),
    odd: fc.record({ path: oddPath, headers: oddHeaders("If-Match") }),
  },
  getHealth: {
    valid: fc.constant({}),
    odd: fc.record({ path: oddPath, body: oddBody, headers: oddHeaders("If-Match") }),
  },
};

/** Makes sure that one of the items that valid requests use exists. */
const ensureItem = (api: Api, number: number) =>
  api.ask("putItem", {
    path: { id: "abc".charAt((number / 3) % 3), timestamp: `${Math.floor(number / 9) % 6}` },
    body: { data: { number } },
  });

/** Lists what is unsafe in an answer, whatever the request was. */
const unsafe = ({ statusCode, headers, body }: ApiResponse, secret: string): string[] => [
  ...(statusCode >= 500 ? [`${statusCode}`] : []),
  ...(/[\r\n]/.test(Object.values(headers).join()) ? ["a line break in a header"] : []),
  ...(headers["x-content-type-options"] === "nosniff" ? [] : ["a type that a browser may guess"]),
  ...(statusCode >= 400 && /<script|jndi|1=1|set-cookie/.test(body) ? ["markup of the request"] : []),
  ...(body.includes(secret) ? ["a header of the request"] : []),
  ...("admin" in {} ? ["a polluted prototype"] : []),
];

/** Statuses of valid requests: they were carried out, or the state of the item prevented it. */
const understood = new Set([200, 201, 204, 404, 409, 412, 422, 428]);

describe.each(Object.keys(operations) as OperationId[])("%s under any input", (id) => {
  it(
    "answers as documented, never with a 5xx, and echoes nothing from a refused request",
    async () => {
      // One request in fifty goes through the SDK's serialization, which is thirty times slower. Each client has
      // its own table.
      const [direct, sdk] = [new Api("direct"), new Api("sdk")];
      const { valid, odd } = calls[id];
      let asked = 0;
      let taken = 0;

      const request = fc.oneof(
        { weight: 9, arbitrary: valid },
        { weight: 1, arbitrary: valid.map(inBase64) },
        { weight: 6, arbitrary: odd },
        { weight: 2, arbitrary: valid.chain(oddTransport) },
      );
      const progress = campaignProgress(`inputs to ${id}`, INPUTS);
      await fc.assert(
        fc.asyncProperty(request, fc.uuid(), async (call, secret) => {
          asked += 1;
          progress(asked);
          const api = asked % 50 === 0 ? sdk : direct;
          api.now += 1;
          if (asked % 3 === 0) await ensureItem(api, asked);
          const response = await api.ask(id, { ...call, headers: { ...call.headers, "X-Secret": secret } });

          if (understood.has(response.statusCode)) taken += 1;
          // At most one expectation per request: each takes as long as the request itself.
          const wrong = [...violations(id, response), ...unsafe(response, secret)];
          if (wrong.length > 0) expect(wrong).toEqual([]);
        }),
        { numRuns: INPUTS, seed: 20_261_123, endOnFailure: !isCampaign },
      );

      expect(asked).toBeGreaterThanOrEqual(INPUTS);
      expect(taken / asked).toBeGreaterThanOrEqual(0.4);
      for (const { table } of [direct, sdk]) {
        // Every row is an item that the schema allows, or an idempotency record.
        expect(table.rows.all().filter((row) => !isSound(row))).toEqual([]);
      }
    },
    campaignTimeoutMs,
  );
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
