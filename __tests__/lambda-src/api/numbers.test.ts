import fc from "fast-check";
import { numberProblem } from "../../../lambda-src/items/number-problem";
import { Api, json, outcome } from "./api";

const digits = (count: number) => "1234567890".repeat(100).slice(0, count);

/** Places for a number in a body: in an object, in a list, at the deepest level, beside strings that look like it. */
const places = [
  ["in data", (number: string) => `{"id":"a","timestamp":5,"data":{"x":${number}}}`],
  ["in a list", (number: string) => `{"id":"a","timestamp":5,"data":{"x":[1,"1e-400",${number}]}}`],
  [
    "31 levels deep",
    (number: string) => `{"id":"a","timestamp":5,"data":{"x":${"[".repeat(30)}${number}${"]".repeat(30)}}}`,
  ],
  [
    "after strings with quotes and digits",
    (number: string) => `{"id":"a","timestamp":5,"data":{"q\\"1e-400":"\\\\","x" : \n${number} }}`,
  ],
] as const;

describe("a number in a body", () => {
  const post = (api: Api, body: string) => api.ask("createItem", { body });
  const read = async (api: Api) => (await api.ask("getItem", { path: { id: "a", timestamp: "5" } })).body;

  describe.each(places)("%s", (_, body) => {
    it.each([
      ["underflows", "1e-400"],
      ["underflows to -0", "-1E-400"],
      ["underflows after many digits", `0.${"0".repeat(400)}1`],
      ["is below the table's smallest", "1e-131"],
      ["is below the table's smallest and negative", "-9.9e-131"],
      ["is rounded to an integer", "9007199254740990.9"],
      ["is rounded in its last place", "0.30000000000000001"],
      ["is rounded to 1", "1.00000000000000000001"],
      ["has 40 digits after the point", `0.${digits(40)}`],
      ["has 38 digits", digits(38)],
      ["has 20 digits before an exponent", `${digits(20)}e-10`],
      ["is beyond 2^53", "9007199254740993"],
      ["is the first beyond 2^53 - 1", "9007199254740992"],
      ["is beyond it and negative", "-9007199254740993"],
      ["is beyond the range of doubles", "1e400"],
      ["is beyond the range of doubles and negative", "-1e999"],
      ["is beyond it with an exponent of its own", "1e99999999999999999999"],
      ["has an exponent that doubles round", "123456789012345678e-17"],
      ["underflows, just so", "2e-324"],
      ["is the smallest double, written in other digits", "4.9e-324"],
      ["has a negative exponent of its own", "1e-99999999999999999999"],
      ["is exactly what a double holds, but not how it is written", "0.1000000000000000055511151231257827"],
      ["is so in two places", "1125899906842624.25"],
      ["is rounded up in its last place", "0.99999999999999999999"],
      ["is rounded whatever its exponent", "90071992547409909e-1"],
      ["is rounded with a capital E", "0.90071992547409909E16"],
      ["is a power of ten beyond the limit", "1e126"],
    ])("is refused if it %s: %s", async (_, number) => {
      const api = new Api();

      const response = await post(api, body(number));

      expect(outcome(response)).toBe("400 invalid-item");
      expect(json(response).detail).toContain(
        `The number at position ${body(number).lastIndexOf(number)} of the body cannot be stored exactly`,
      );
      expect(json(response).detail).toContain("Send it as a string");
      expect(json(response).detail).not.toContain(number);
      expect(api.table.calls).toEqual([]);
    });

    it.each([
      ["0", 0],
      ["-0", 0],
      ["0.000", 0],
      ["0e0", 0],
      ["-0.0E-999", 0],
      ["0e99999999999999999999", 0],
      ["1.0", 1],
      ["1.50", 1.5],
      ["100", 100],
      ["1e2", 100],
      ["1E+2", 100],
      ["0.01e4", 100],
      ["12300e-2", 123],
      ["-1.5", -1.5],
      ["0.1", 0.1],
      ["0.30000000000000004", 0.30000000000000004],
      ["123456789012345e-20", 123456789012345e-20],
      ["9007199254740991", 9007199254740991],
      ["9007199254740991.000", 9007199254740991],
      ["-9007199254740991", -9007199254740991],
      ["9.007199254740991e15", 9007199254740991],
      ["1e-130", 1e-130],
      ["-1e-130", -1e-130],
      [`1${"0".repeat(400)}e-400`, 1],
      [`0.${"0".repeat(400)}5e401`, 5],
    ])("comes back with its value: %s", async (number, value) => {
      const api = new Api();

      const created = await post(api, body(number));

      expect(outcome(created)).toBe("201");
      expect(created.body).toBe(JSON.stringify(JSON.parse(body(`${value}`))));
      expect(await read(api)).toBe(created.body);
    });
  });

  it.each([
    '{"id":"a","data":{"a\\"":1e-400}}',
    '{"id":"a","data":{"\\\\":1e-400}}',
    '{"id":"a","data":{"a":"\\\\","b":1e-400}}',
    '{"id":"a","data":{"a":"\\\\\\"","b":1e-400}}',
    '{"id":"a","data":{"\\u0022":1e-400}}',
    '{"id":"a","data":{"a":[\t1e-400\r\n]}}',
    '{"id":"a","data":{"1e-400":[1e-400]}}',
    '{"id":"a","data":{"a":1,"a":1e-400}}',
    '{"id":"a","data":{"a":1e-400,"a":1}}',
    `{"id":"a","data":{"a":[${"1,".repeat(10_000)}1e-400]}}`,
  ])("is refused wherever strings seem to end: %s", async (body) => {
    expect(outcome(await post(new Api(), body))).toBe("400 invalid-item");
  });

  it.each(["01", "+1", ".5", "1.", "1e", "0x10", "NaN", "Infinity", "-Infinity", "1_000", "１", "--1"])(
    "is no JSON: %s",
    async (number) => {
      expect(outcome(await post(new Api(), places[0][1](number)))).toBe("400 malformed-body");
    },
  );

  it("is refused as a timestamp that would be rounded to a valid one", async () => {
    const response = await post(new Api(), '{"id":"a","timestamp":5.00000000000000000001,"data":{}}');

    expect(outcome(response)).toBe("400 invalid-item");
  });

  it("is refused by PUT as by POST, and in a body in base64", async () => {
    const path = { id: "a", timestamp: "5" };
    const body = Buffer.from('{"data":{"x":1e-400}}').toString("base64");

    const response = await new Api().ask("putItem", { path, body, changes: { isBase64Encoded: true } });

    expect(outcome(response)).toBe("400 invalid-item");
  });

  it.each(["1e-400", '\\"1e-400', "\\\\", "\\u0022 1e-400 ", "0.1234567890123456789012345678901234567890"])(
    "is none in a string or a name, which stay as they are: %s",
    async (text) => {
      const api = new Api();
      const body = `{"id":"a","timestamp":5,"data":{"${text}":"${text}","list":["${text}","${text}"]}}`;

      const created = await post(api, body);

      expect(outcome(created)).toBe("201");
      expect(json(created)).toEqual(JSON.parse(body));
      expect(await read(api)).toBe(created.body);
    },
  );

  it("comes back if it has up to 15 digits, or is written as JavaScript writes a double", async () => {
    const exponent = fc.integer({ min: -100, max: 0 });
    const fifteen = fc.tuple(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }), exponent);
    const written = fc.oneof(
      fifteen.map(([integer, power]) => `${integer}e${power}`),
      fc
        .double({ min: -9e15, max: 9e15, noNaN: true })
        .filter((n) => n === 0 || Math.abs(n) > 1e-129)
        .map(String),
    );

    await fc.assert(
      fc.asyncProperty(written, async (number) => {
        const response = await post(new Api("direct"), places[0][1](number));

        expect(outcome(response)).toBe("201");
        expect(json(response).data.x).toBe(Number(number) + 0);
      }),
      { numRuns: 300, seed: 20_261_123 },
    );
  });

  it("is refused if and only if its decimal value changes", async () => {
    // Exact fractions: digits over a power of ten.
    const fraction = (text: string) => {
      const [mantissa = "", exponent = "0"] = text.split("e");
      const [whole = "", decimals = ""] = mantissa.split(".");
      const power = Number(exponent) - decimals.length + 500;
      return BigInt(whole + decimals) * 10n ** BigInt(power);
    };
    const number = fc
      .tuple(
        fc.nat({ max: 99_999_999 }),
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.integer({ min: -120, max: 1 }),
      )
      .map(([whole, decimals, exponent]) => `${whole}.${decimals}e${exponent}`);

    await fc.assert(
      fc.asyncProperty(number, async (text) => {
        const value = Number(text);
        const comesBack = fraction(text) === fraction(`${value}`) && value <= Number.MAX_SAFE_INTEGER;

        const response = await post(new Api("direct"), places[0][1](text));

        expect(outcome(response)).toBe(comesBack ? "201" : "400 invalid-item");
      }),
      { numRuns: 500, seed: 20_261_123 },
    );
  });

  it.each([
    ["backslashes", "\\\\", 3_000_000],
    ["quotes", '\\"', 3_000_000],
    ["escaped characters", "\\u0031", 1_000_000],
    ["backslashes before quotes", '\\\\\\"', 1_500_000],
  ])("is found beyond a string of 6 MB of %s", (_, text, times) => {
    const string = `"${text.repeat(times)}"`;

    expect(numberProblem(`[${string},1]`)).toBeUndefined();
    expect(numberProblem(`[${string},1e-400]`)).toContain(`at position ${string.length + 2} of`);
  });

  it("is no reason for a 500 in a body of 6 MB of escapes", async () => {
    const body = `{"id":"a","data":{"x":"${"\\\\".repeat(3_000_000)}"}}`;

    expect(outcome(await post(new Api(), body))).toBe("413 item-too-large");
  });

  // A scan whose time grows with the square of the length takes hours.
  it("is found in bodies of 5 MB before the test times out", () => {
    const bodies = [
      `{"id":"a","data":{"x":1.${"0".repeat(5_000_000)}1}}`,
      `{"id":"a","data":{"x":1${"0".repeat(5_000_000)}e-5000000}}`,
      `{"id":"a","data":{"x":"${'\\\\\\"1e-400'.repeat(400_000)}"}}`,
      `{"id":"a","data":{"x":[${"1.5,".repeat(1_000_000)}1]}}`,
    ];

    const problems = bodies.map(numberProblem);

    expect(problems.map((problem) => problem === undefined)).toEqual([false, true, true, true]);
  }, 120_000);
});
