import fc from "fast-check";

/**
 * Text that programs trip over: markup, inherited property names, halves of surrogate pairs, other planes.
 */
export const oddText = fc.oneof(
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

export const goodText = fc
  .stringMatching(/^[a-zA-Z0-9 ._~+:@é-]{1,20}$/)
  .filter((text) => !/^\.{1,2}$/.test(text));

/** Mostly a few ids and timestamps, so that requests hit each other's items. */
export const goodId = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a", "b", "c") },
  { weight: 1, arbitrary: goodText },
);
export const goodTimestamp = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 8.64e15 }) },
);

const { good: goodJson, odd } = fc.letrec<{ good: unknown; odd: unknown }>((tie) => ({
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

export const oddJson = odd;

export const goodData = fc.dictionary(goodText, goodJson, { maxKeys: 4, noNullPrototype: true });

/** Numbers as text, of which many would not come back as they are written. */
const numberText = fc.oneof(
  fc.constantFrom(
    ...["1e-400", "-1e-400", "1e400", "9007199254740990.9", "9007199254740993", "1125899906842624.25"],
    ...["0.1234567890123456789012345678901234567890", "0.30000000000000001", "1e-131", "-0", "0e-999"],
    ...["1.50", "1E+2", "100e-2", "0.30000000000000004", "9007199254740991.000"],
  ),
  fc
    .tuple(
      fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
      fc.stringMatching(/^\d{1,20}$/),
      fc.integer({ min: -135, max: 12 }),
    )
    .map(([whole, decimals, exponent]) => `${whole}.${decimals}e${exponent}`),
);

/** Bodies as text, with numbers that JSON.stringify would not write. */
const numbersBody = fc
  .tuple(fc.constantFrom('"id":"a",', ""), fc.array(numberText, { minLength: 1, maxLength: 2 }))
  .map(([id, numbers]) => `{${id}"data":{"1e-400":"\\"1","n":[${numbers}]}}`);

/** Bodies that are not an item, or contain something that cannot be stored. */
export const oddBody = fc.oneof(
  numbersBody,
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
    '\ufeff{"id":"a","data":{}}',
  ),
  fc.record(
    {
      id: fc.oneof(goodId, odd),
      timestamp: fc.oneof(goodTimestamp, odd),
      data: fc.oneof(goodData, odd),
    },
    { requiredKeys: [] },
  ),
);
