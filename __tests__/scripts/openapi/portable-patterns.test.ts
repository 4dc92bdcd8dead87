import { execFileSync } from "node:child_process";
import type * as z from "zod/mini";
import { cursor, idempotencyKey, ifMatch } from "../../../lambda-src/api/schemas";
import { itemId } from "../../../lambda-src/items/item";
import { findPython } from "../../../packages/laptop/set-up/requirements";
import { openApiDocument } from "../../../scripts/openapi/openapi-document";

interface StringSchema {
  readonly pattern: string;
  readonly not?: { readonly pattern: string };
  readonly maxLength?: number;
}

/** Every schema with a pattern, once. */
const documented = [
  ...new Map(stringSchemas(openApiDocument()).map((schema) => [schema.pattern, schema])).values(),
];

const published: readonly [name: string, server: z.ZodMiniType, part: RegExp, samples: readonly string[]][] =
  [
    ["an item's id", itemId, /x7f/, ["a", "a b", "a/b", "é:@+~"]],
    [
      "a cursor",
      cursor,
      /AQgw/,
      ["AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAB", "P8zo0uLhDn0hbZEmPYio3g"],
    ],
    [
      "an entity tag",
      ifMatch,
      /!#-~/,
      ['"a"', 'W/"a"', '""', 'a"', `"${"a".repeat(64)}"`, `"${"a".repeat(65)}"`],
    ],
    ["an idempotency key", idempotencyKey, /\[!-~\]/, ["a", "a b", "k".repeat(255), "k".repeat(256)]],
  ];

describe("the patterns of docs/openapi.json", () => {
  it("are those below", () => {
    expect(
      documented.map(({ pattern }) => published.filter(([, , part]) => part.test(pattern)).length),
    ).toEqual(published.map(() => 1));
  });

  it.each(documented.map(({ pattern }) => [pattern]))(
    "use no syntax that a common engine lacks: %s",
    (pattern) => {
      // Lookarounds and \u are not in RE2, \p needs a flag in ECMAScript and is not in Python, surrogates are in no UTF-8.
      expect(pattern).not.toMatch(/\(\?(?!:)|\\[pPukdDwWsSbBAzZ]|[^\x20-\x7e]/);
      expect(pattern).toMatch(/^\^.*\$$/);
    },
  );

  it.each(published)(
    "mean the same in ECMAScript, with and without the flag u, and in Python as in the API: %s",
    async (_, server, part, samples) => {
      const schema = documented.find(({ pattern }) => part.test(pattern)) as StringSchema;
      // The document has "*" as a constant beside the pattern of an entity tag.
      const texts = variantsOf(samples).filter((text) => server !== ifMatch || text !== "*");

      const byApi = texts.map((text) => server.safeParse(text).success);
      const without = texts.map((text) => matches(schema, text, ""));
      const withFlag = texts.map((text) => matches(schema, text, "u"));
      const python = await matchesInPython(schema, texts);

      expect(byApi).toContain(true);
      expect(byApi).toContain(false);
      expect(differences(texts, byApi, without)).toEqual([]);
      expect(differences(texts, byApi, withFlag)).toEqual([]);
      expect(differences(texts, byApi, python)).toEqual([]);
    },
  );
});

describe("an item's id", () => {
  it("has no control character, slash, percent sign or half of a surrogate pair, and is not . or ..", () => {
    const rule = /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}/%]+$/u;
    const texts = [...variantsOf(["a", "a/b"]), "\ud800", "a\udc00", "\udc00\ud800", "\ud83d\ude00"];

    const allowed = texts.map((text) => itemId.safeParse(text).success);

    expect(
      differences(
        texts,
        texts.map((text) => rule.test(text) && [...text].length <= 256),
        allowed,
      ),
    ).toEqual([]);
  });
});

function stringSchemas(value: unknown): readonly StringSchema[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, child]) => (key === "not" ? [] : stringSchemas(child)));
  return "pattern" in value ? [value as StringSchema, ...inner] : inner;
}

/** Texts with a character of each kind, at the start, inside and at the end of a valid one. */
function variantsOf(samples: readonly string[]): readonly string[] {
  const [good = ""] = samples;
  const characters = Array.from({ length: 0x1_0000 }, (_, code) => code)
    .filter((code) => code < 0x300 || code % 97 === 0)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .concat([0x2028, 0x2029, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xffff])
    .concat([0x1_0000, 0x1_f600, 0xf_ffff, 0x10_ffff])
    .map((code) => String.fromCodePoint(code));
  const dots = [
    ".",
    "..",
    "...",
    "....",
    ".a",
    "..a",
    "...a",
    "a.",
    "a..",
    ".\n",
    "..\n",
    "...\n",
    "./",
    "../",
  ];
  return [
    ...samples,
    ...dots,
    ...["", "*", "*\n", "\u{1f600}".repeat(256), "\u{1f600}".repeat(257), "a".repeat(256), "a".repeat(257)],
    ...samples.flatMap((sample) => [
      `${sample}\n`,
      `\n${sample}`,
      `${sample}\r`,
      `${sample}\u2028`,
      `${sample} `,
    ]),
    ...characters.flatMap((character) => [
      character,
      `${character}${good}`,
      `${good}${character}`,
      `${good.slice(0, -1)}${character}${good.slice(-1)}`,
    ]),
  ];
}

function matches(
  { pattern, not, maxLength = Number.POSITIVE_INFINITY }: StringSchema,
  text: string,
  flags: string,
) {
  return (
    [...text].length <= maxLength &&
    new RegExp(pattern, flags).test(text) &&
    (not === undefined || !new RegExp(not.pattern, flags).test(text))
  );
}

async function matchesInPython(schema: StringSchema, texts: readonly string[]): Promise<readonly boolean[]> {
  const { binary } = await findPython();
  const program = `
import json, re, sys
schema, texts = json.load(sys.stdin)
pattern, excluded = re.compile(schema["pattern"]), re.compile(schema.get("not", {"pattern": "(?!)"})["pattern"])
longest = schema.get("maxLength", 10**9)
print(json.dumps([len(text) <= longest and bool(pattern.search(text)) and not excluded.search(text) for text in texts]))`;
  const output = execFileSync(binary, ["-c", program], {
    input: JSON.stringify([schema, texts]),
    maxBuffer: 100_000_000,
  });
  return JSON.parse(output.toString());
}

function differences(texts: readonly string[], expected: readonly boolean[], actual: readonly boolean[]) {
  return texts.filter((_, index) => expected[index] !== actual[index]);
}
