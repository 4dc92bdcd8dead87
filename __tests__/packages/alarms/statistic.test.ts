import fc from "fast-check";
import { InvalidAlarmError } from "../../../packages/alarms/invalid-alarm-error";
import { type Sample, sampleOf } from "../../../packages/alarms/sample";
import { statisticNamed } from "../../../packages/alarms/statistic";

const values = (...numbers: number[]) => numbers.map((value) => sampleOf(0, value));
const upTo = (last: number) => values(...Array.from({ length: last }, (_, index) => index + 1));
const calculate = (name: string, samples: readonly Sample[]) => statisticNamed(name)(samples);

describe("statisticNamed", () => {
  it.each([
    ["SampleCount", 6],
    ["Sum", 21],
    ["Average", 3.5],
    ["Minimum", 1],
    ["Maximum", 6],
  ])("calculates %s over values and statistic sets", (name, expected) => {
    const set: Sample = { at: 0, sampleCount: 3, sum: 11, minimum: 1, maximum: 6 };

    expect(calculate(name, [sampleOf(0, 2, 2), set, sampleOf(0, 6)])).toBe(expected);
  });

  it.each([
    ["p0", 1],
    ["p50", 50.5],
    ["p90", 90.1],
    ["p99", 99.01],
    ["p99.9", 99.901],
    ["p100", 100],
    ["p100.0", 100],
  ])("interpolates %s between ranks", (name, expected) => {
    expect(calculate(name, upTo(100))).toBeCloseTo(expected, 9);
  });

  it("counts a repeated value as often as it occurred, in any order", () => {
    const samples = [sampleOf(0, 9), sampleOf(0, 1, 3), sampleOf(0, 5, 2)];

    expect(["p0", "p40", "p60", "p80", "p100"].map((name) => calculate(name, samples))).toEqual([
      1, 1, 5, 5, 9,
    ]);
  });

  it.each([
    // The examples of CloudWatch's statistics definitions, over the values 1 to 100 or as described.
    ["tm90", upTo(100), 45.5],
    ["TM(:90%)", upTo(100), 45.5],
    ["TM(2%:98%)", upTo(100), 50.5],
    ["TM(150:1000)", values(100, 150, 151, 1000, 1001), 575.5],
    ["IQM", upTo(8), 4.5],
    ["TM(25%:75%)", upTo(8), 4.5],
    ["wm98", upTo(100), (4851 + 2 * 98.02) / 100],
    ["WM(10%:90%)", upTo(11), (2 * 2 + (3 + 4 + 5 + 6 + 7 + 8 + 9) + 2 * 10) / 11],
    ["WM(3:5)", upTo(6), (3 * 3 + 4 + 5 * 2) / 6],
    ["PR(:300)", values(100, 300, 301, 400), 50],
    ["PR(100:2000)", values(100, 101, 2000, 2001), 50],
    ["PR(100:)", values(100, 101, 2000, 2001), 75],
    ["tc90", upTo(100), 90],
    ["TC(0.005:0.030)", values(0.005, 0.006, 0.03, 0.031), 2],
    ["ts90", upTo(100), 4095],
    ["TS(80%:)", upTo(11), 9 + 10 + 11],
    ["tm99.9", upTo(1), 1],
    ["TM(5%:95%)", values(7, 7, 7), 7],
    ["tc100", upTo(3), 3],
    ["TC(10:)", upTo(10), 0],
    ["TS(10:)", upTo(10), 0],
  ])("calculates %s", (name, samples, expected) => {
    expect(calculate(name, samples)).toBeCloseTo(expected, 9);
  });

  it("weighs repeated values in trimmed statistics", () => {
    const samples = [sampleOf(0, 10), sampleOf(0, 1, 9)];

    expect(["tc90", "ts90", "tm90", "TC(1:10)", "PR(:1)"].map((name) => calculate(name, samples))).toEqual([
      9, 9, 1, 1, 90,
    ]);
  });

  it("has no trimmed mean if no value is in the range", () => {
    expect(calculate("TM(10:20)", upTo(10))).toBeUndefined();
  });

  it.each(["Minimum", "Maximum", "Sum", "p50"])("calculates %s over 200,000 samples", (name) => {
    const samples = Array.from({ length: 200_000 }, () => sampleOf(0, 1));

    expect(calculate(name, samples)).toBe(name === "Sum" ? 200_000 : 1);
  });

  it("has percentiles of a set of one value whose sum is inexact", () => {
    const sum = Array.from({ length: 10 }, () => 0.1).reduce((total, value) => total + value, 0);

    expect(sum).not.toBe(1);
    expect(calculate("p50", [{ at: 0, sampleCount: 10, sum, minimum: 0.1, maximum: 0.1 }])).toBe(0.1);
  });

  it.each([
    ["a negative value", [sampleOf(0, 1), sampleOf(0, -1)]],
    ["a set of different values", [{ at: 0, sampleCount: 2, sum: 4, minimum: 1, maximum: 3 }]],
    ["a set whose sum is another value's", [{ at: 0, sampleCount: 2, sum: 3, minimum: 1, maximum: 1 }]],
  ])("has no percentile of %s", (_, samples) => {
    expect([calculate("p99", samples), calculate("tm90", samples)]).toEqual([undefined, undefined]);
  });

  it("has percentiles of a set that holds one value, and of zeros", () => {
    expect(calculate("p50", [{ at: 0, sampleCount: 2, sum: 6, minimum: 3, maximum: 3 }])).toBe(3);
    expect(calculate("p50", values(0, 0))).toBe(0);
  });

  it.each([
    ...[
      "Median",
      "sum",
      "",
      "p",
      "p101",
      "p100.1",
      "p-1",
      "p99.12345678901",
      "P99",
      "xp99",
      "p99x",
      "tm",
      "tm90%",
    ],
    ...[
      "TM90",
      "IQR",
      "iqm",
      "TM(:)",
      "TM()",
      "TM(1%)",
      "tm(1%:2%)",
      "TM(-1:2)",
      "TM(1:2",
      "xTM(1:2)",
      "TM(1:2)x",
    ],
    ...[
      "PR(10%:20%)",
      "PR(10%:)",
      "PR(:20%)",
      "pr90",
      "constructor",
      "TM(1.12345678901:)",
      "p1000",
      "XX(1:2)",
    ],
  ])('knows no statistic "%s"', (name) => {
    expect(() => statisticNamed(name)).toThrow(InvalidAlarmError);
    expect(() => statisticNamed(name)).toThrow(
      `there is no statistic "${name}": use SampleCount, Sum, Average, Minimum, Maximum, or one such as p99`,
    );
  });

  const anySamples = fc.array(
    fc.record({ value: fc.integer({ min: 0, max: 1_000 }), count: fc.integer({ min: 1, max: 5 }) }),
    { minLength: 1, maxLength: 20 },
  );

  it("gives percentiles that grow with the percentage, from the minimum to the maximum", () => {
    fc.assert(
      fc.property(anySamples, fc.tuple(fc.nat(100), fc.nat(100)), (given, [one, other]) => {
        const samples = given.map(({ value, count }) => sampleOf(0, value, count));
        const at = (percent: number) => calculate(`p${percent}`, samples) ?? Number.NaN;

        expect(at(Math.min(one, other))).toBeLessThanOrEqual(at(Math.max(one, other)));
        expect([at(0), at(100)]).toEqual([calculate("Minimum", samples), calculate("Maximum", samples)]);
      }),
    );
  });

  it("gives the same for a value with a count as for the value repeated", () => {
    fc.assert(
      fc.property(
        anySamples,
        fc.constantFrom("p37.5", "tm80", "WM(10%:60%)", "Sum", "Average"),
        (given, name) => {
          const counted = given.map(({ value, count }) => sampleOf(0, value, count));
          const repeated = given.flatMap(({ value, count }) =>
            Array.from({ length: count }, () => sampleOf(0, value)),
          );

          expect(calculate(name, counted)).toBeCloseTo(calculate(name, repeated) ?? Number.NaN, 6);
        },
      ),
    );
  });

  it("gives a trimmed sum that is the trimmed mean times the trimmed count", () => {
    fc.assert(
      fc.property(anySamples, (given) => {
        const samples = given.map(({ value, count }) => sampleOf(0, value, count));
        const [mean = 0, count = 0, sum] = ["tm80", "tc80", "ts80"].map((name) => calculate(name, samples));

        expect(sum).toBeCloseTo(mean * count, 6);
      }),
    );
  });
});
