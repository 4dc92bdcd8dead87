import fc from "fast-check";
import type { OperationId } from "../../../lambda-src/api/operations";
import type { Call } from "./api";
import type { FuzzMemory } from "./fuzz-memory";
import { goodData, goodId, goodText, goodTimestamp, oddBody, oddText } from "./fuzz-values";

/** A request that can depend on earlier responses. */
export type PlannedCall = (memory: FuzzMemory) => Call;

interface Calls {
  /** Requests that the API understands. The state of an item can still prevent them. */
  readonly valid: fc.Arbitrary<PlannedCall>;
  readonly odd: fc.Arbitrary<PlannedCall>;
}

const STALE_TAG = '"AAAAAAAAAAAAAAAAAAAAAA"';
const choice = fc.nat(1_000_000);
const fixed = (call: fc.Arbitrary<Call>): fc.Arbitrary<PlannedCall> => call.map((one) => () => one);
const goodPath = fc.record({ id: goodId, timestamp: goodTimestamp.map(String) });
const oddPath = fc.record({
  id: fc.oneof(goodId, oddText),
  timestamp: fc.oneof(goodTimestamp.map(String), oddText),
});
const oddHeaders = (name: string) =>
  fc.oneof(oddText, fc.constantFrom("*", STALE_TAG)).map((value) => ({ [name]: value }));
/** Over 400 KB. */
const largeData = fc.constant({ text: "x".repeat(410_000) });

/** A call for an item that an earlier response named, with its ETag. Falls back to one that is not there. */
const forKnownItem = (call: fc.Arbitrary<Call>, header: (etag: string) => Call["headers"]) =>
  fc.tuple(call, choice).map(
    ([one, number]): PlannedCall =>
      (memory) => {
        const { path, etag } = memory.item(number) ?? { path: { id: "a", timestamp: "0" }, etag: STALE_TAG };
        return { ...one, path, headers: { ...header(etag) } };
      },
  );

const draft = fc.record({
  id: goodId,
  data: goodData,
  timestamp: fc.option(goodTimestamp, { freq: 2, nil: undefined }),
});

const createItem = fc.oneof(
  { weight: 18, arbitrary: fixed(draft.map((body) => ({ body }))) },
  // A timestamp that is free, most of the time, with a key that is new.
  {
    weight: 18,
    arbitrary: fixed(
      fc
        .tuple(goodId, goodData, fc.uuid())
        .map(([id, data, key]) => ({ body: { id, data }, headers: { "Idempotency-Key": key } })),
    ),
  },
  // A retry, and another request with the same key.
  {
    weight: 9,
    arbitrary: fc.tuple(choice, fc.option(goodData)).map(
      ([number, data]): PlannedCall =>
        (memory) => {
          const earlier = memory.keyedRequest(number) ?? { body: { id: "a", data: {} } };
          return data === null ? earlier : { ...earlier, body: { id: "other", data } };
        },
    ),
  },
  { weight: 1, arbitrary: fixed(largeData.map((data) => ({ body: { id: "a", data } }))) },
);

const listItems = fc.oneof(
  {
    weight: 2,
    arbitrary: fixed(
      fc.record({
        path: fc.record({ id: goodId }),
        query: fc.record(
          {
            limit: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 100 })).map(String),
            from: fc.constantFrom("0", "1"),
            to: fc.constantFrom("3", "9"),
          },
          { requiredKeys: [] },
        ),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: choice.map(
      (number): PlannedCall =>
        (memory) =>
          memory.nextPage(number) ?? { path: { id: "a" }, query: { limit: "1" } },
    ),
  },
  // The cursor of another list.
  {
    weight: 1,
    arbitrary: fc.tuple(choice, fc.constantFrom("id", "from", "to")).map(
      ([number, changed]): PlannedCall =>
        (memory) => {
          const { path, query } = memory.nextPage(number) ?? { path: { id: "a" }, query: { limit: "1" } };
          if (changed === "id") return { path: { id: `${path?.id}x` }, query: { ...query } };
          return { path: { ...path }, query: { ...query, [changed]: changed === "from" ? "2" : "8" } };
        },
    ),
  },
);

const onItem = (call: fc.Arbitrary<Call>) =>
  fc.oneof(
    { weight: 4, arbitrary: forKnownItem(call, (etag) => ({ "If-Match": etag })) },
    { weight: 1, arbitrary: forKnownItem(call, () => ({ "If-Match": "*" })) },
    { weight: 1, arbitrary: forKnownItem(call, () => ({ "If-Match": STALE_TAG })) },
    { weight: 1, arbitrary: forKnownItem(call, () => ({})) },
  );

const content = fc.record({ body: fc.record({ data: goodData }) });
const absent = fc.record({ path: goodPath, headers: fc.constant({ "If-Match": STALE_TAG }) });

export const calls: Readonly<Record<OperationId, Calls>> = {
  createItem: {
    valid: createItem,
    odd: fixed(fc.record({ body: oddBody, headers: oddHeaders("Idempotency-Key") })),
  },
  listItems: {
    valid: listItems,
    odd: fixed(
      fc.record({
        path: oddPath,
        query: fc.dictionary(fc.oneof(fc.constantFrom("limit", "from", "to", "cursor"), oddText), oddText, {
          noNullPrototype: true,
        }),
      }),
    ),
  },
  getItem: {
    valid: fc.oneof(
      { weight: 2, arbitrary: forKnownItem(fc.constant({}), () => ({})) },
      { weight: 1, arbitrary: fixed(fc.record({ path: goodPath })) },
    ),
    odd: fixed(fc.record({ path: oddPath })),
  },
  putItem: {
    valid: fc.oneof(
      { weight: 15, arbitrary: onItem(content) },
      {
        weight: 9,
        arbitrary: fixed(
          fc.record({
            path: fc.record({ id: goodText, timestamp: goodTimestamp.map(String) }),
            body: fc.record({ data: goodData }),
            headers: fc.constantFrom<Record<string, string>>({}, { "If-None-Match": "*" }),
          }),
        ),
      },
      {
        weight: 1,
        arbitrary: fixed(fc.record({ path: goodPath, body: fc.record({ data: largeData }) })),
      },
    ),
    odd: fixed(fc.record({ path: oddPath, body: oddBody, headers: oddHeaders("If-Match") })),
  },
  deleteItem: {
    valid: fc.oneof(
      { weight: 6, arbitrary: onItem(fc.constant({})) },
      { weight: 1, arbitrary: fixed(absent) },
    ),
    odd: fixed(fc.record({ path: oddPath, headers: oddHeaders("If-Match") })),
  },
  getHealth: {
    valid: fc.constant(() => ({})),
    odd: fixed(fc.record({ path: oddPath, body: oddBody, headers: oddHeaders("If-Match") })),
  },
};

/** Faults on the way from the client to the function: types, encodings, charsets. */
const oddTransport = (call: Call): readonly Call[] => [
  { ...call, headers: { ...call.headers, "Content-Type": "text/plain" } },
  { ...call, headers: { ...call.headers, "CONTENT-TYPE": "application/json; charset=utf-16" } },
  { ...call, headers: { ...call.headers, "Content-Encoding": "br" } },
  { ...call, changes: { isBase64Encoded: true } },
  { ...call, body: Buffer.from([0xff, 0xfe, 0x00]).toString("base64"), changes: { isBase64Encoded: true } },
  { ...call, changes: { headers: null as never, queryStringParameters: null, pathParameters: null } },
];

/** The same call with its body in base64, as API Gateway sends binary media types. */
const inBase64 = (call: Call): Call => {
  const text = typeof call.body === "string" ? call.body : (JSON.stringify(call.body) ?? "");
  return { ...call, body: Buffer.from(text).toString("base64"), changes: { isBase64Encoded: true } };
};

/** All kinds of requests of an operation. */
export const anyCall = (id: OperationId): fc.Arbitrary<PlannedCall> => {
  const { valid, odd } = calls[id];
  return fc.oneof(
    { weight: 10, arbitrary: valid },
    {
      weight: 1,
      arbitrary: valid.map(
        (plan): PlannedCall =>
          (memory) =>
            inBase64(plan(memory)),
      ),
    },
    { weight: 4, arbitrary: odd },
    {
      weight: 2,
      arbitrary: fc.tuple(valid, fc.nat(5)).map(
        ([plan, fault]): PlannedCall =>
          (memory) =>
            oddTransport(plan(memory))[fault] ?? {},
      ),
    },
  );
};
