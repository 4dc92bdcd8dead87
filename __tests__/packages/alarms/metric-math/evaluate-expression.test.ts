import fc from "fast-check";
import { InvalidAlarmError } from "../../../../packages/alarms/invalid-alarm-error";
import { UnsupportedAlarmError } from "../../../../packages/alarms/unsupported-alarm-error";
import { evaluate, written } from "./evaluate";

const metrics = { m1: "1 - 3 4", m2: "10 20 - 0" };

describe("metric math", () => {
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html, "Comparison and logical operators"
  it.each([
    ["(metric1 < metric2)", "0 0 1 0"],
    ["(metric1 >= 30)", "1 0 0 0"],
    ["(metric1 > 15 AND metric2 > 15)", "1 0 0 0"],
  ])("evaluates the documented example %s", (expression, expected) => {
    const documented = { metric1: "30 20 0 0", metric2: "20 - 20 -" };

    expect(written(evaluate(expression, documented))).toBe(expected);
  });

  // The same page, "Using IF expressions".
  it.each([
    ["IF(metric1, metric2, metric3)", "30 0 20 - -"],
    ["IF(metric1, 5, metric3)", "5 5 20 - -"],
    ["IF(metric1, metric2, 5)", "30 0 5 5 -"],
    ["IF(metric1, metric2)", "30 0 - - -"],
    ["IF(metric1, 5)", "5 5 - - -"],
    ["IF(metric3 < 10, 10, 2)", "10 10 2 - 2"],
    ["IF(metric3 < 10, metric3)", "0 0 - - -"],
    ["IF(1, metric2, metric3)", "30 - 0 0 30"],
    ["IF(0, metric2, metric3)", "0 0 20 - 20"],
    ["IF(0, metric2)", "- - - - -"],
    ["IF(-metric1, metric2, 5)", "30 0 5 5 -"],
  ])("evaluates %s as documented", (expression, expected) => {
    const documented = { metric1: "1 1 0 0 -", metric2: "30 - 0 0 30", metric3: "0 0 20 - 20" };

    expect(written(evaluate(expression, documented))).toBe(expected);
  });

  it.each([
    ["m1 + m2", "11 20 3 4"],
    ["m1 - m2", "-9 -20 3 4"],
    ["m1 * m2", "10 0 0 0"],
    ["m2 / m1", "10 - 0 0"],
    ["m1 ^ 2", "1 - 9 16"],
    ["2 ^ m1", "2 - 8 16"],
    ["10 - m1", "9 - 7 6"],
    ["m1 / 0", "- - - -"],
    ["100 / [m1, m2]", "100 - 33.333333333333336 25 | 10 5 - -"],
    ["[m1, m2] / 10", "0.1 - 0.3 0.4 | 1 2 - 0"],
    ["[m1, m2] - m1", "0 - 0 0 | 9 20 -3 -4"],
    ["m1 - [m1, m2]", "0 - 0 0 | -9 -20 3 4"],
    ["-m1", "-1 - -3 -4"],
    ["-[m1, m2]", "-1 - -3 -4 | -10 -20 - 0"],
    ["m1 == 3", "0 - 1 0"],
    ["m1 != 3", "1 - 0 1"],
    ["m1 <= 3", "1 - 1 0"],
    ["m1 >= 3", "0 - 1 1"],
    ["m1 < 3", "1 - 0 0"],
    ["m1 > 3", "0 - 0 1"],
    ["m1 == m2", "0 0 0 0"],
    ["m1 && m2", "1 0 0 0"],
    ["m1 || m2", "1 1 1 1"],
    ["(m1 > 3) || (m2 > 15)", "0 1 0 1"],
    ["(m1 - m1) OR 0", "0 - 0 0"],
    ["0 OR m2", "1 1 - 0"],
    ["1 AND m2", "1 1 - 0"],
    ["0 AND m2", "0 0 - 0"],
  ])("evaluates %s point by point", (expression, expected) => {
    expect(written(evaluate(expression, metrics)).toString().replaceAll("-0", "0")).toBe(
      expected.replaceAll("-0", "0"),
    );
  });

  it.each([
    ["2 + 3 * 4", 14],
    ["(2 + 3) * 4", 20],
    ["2 - 3 - 4", -5],
    ["24 / 4 / 2", 3],
    ["-2 ^ 2", -4],
    ["2 ^ -1", 0.5],
    ["2 ^ 3 ^ 2", 512],
    ["2 * 3 ^ 2", 18],
    ["--3", 3],
    ["1 + -3", -2],
    ["1 < 2 == 1", 1],
    ["1 + 1 > 1 * 1", 1],
    ["1 OR 0 AND 0", 1],
    ["(1 OR 0) AND 0", 0],
    ["0 AND 0 OR 1", 1],
    ["1 AND 2 > 3", 0],
    ["1.5e2 + .5 + 2E-1", 150.7],
    [" 1\t+\n1 ", 2],
    ["1.25 + .25", 1.5],
    ["1e+10 / 2.5e-10", 4e19],
  ])("evaluates %s with the usual precedence", (expression, expected) => {
    expect(evaluate(expression)).toBe(expected);
  });

  it.each([
    ["FILL(m1, 0)", "1 0 3 4"],
    ["FILL(m1, m2)", "1 20 3 4"],
    ["FILL(m1, MIN(m1))", "1 1 3 4"],
    ["FILL(METRICS(), 7)", "1 7 3 4 | 10 20 7 0"],
    ["FILL(METRICS(), m1)", "1 - 3 4 | 10 20 3 0"],
    ["FILL(m1, REPEAT)", "1 1 3 4"],
    ["FILL(METRICS(), LINEAR)", "1 2 3 4 | 10 20 10 0"],
    ["FILL(m1, 0) + FILL(m2, 0)", "11 20 3 4"],
  ])("evaluates %s", (expression, expected) => {
    expect(written(evaluate(expression, metrics))).toBe(expected);
  });

  it.each([
    ["REPEAT", "- 1 - - 7 -", "- 1 1 1 7 7"],
    ["LINEAR", "- 1 - - 7 -", "- 1 3 5 7 -"],
    ["LINEAR", "4 - - 1 0 2", "4 3 2 1 0 2"],
    ["REPEAT", "0 - - - - -", "0 0 0 0 0 0"],
    ["0", "- - - - - -", "0 0 0 0 0 0"],
    ["LINEAR", "- - - - - -", "- - - - - -"],
  ])("fills with %s from the data around the gap: %s", (filler, m1, expected) => {
    expect(written(evaluate(`FILL(m1, ${filler})`, { m1 }))).toBe(expected);
  });

  it.each([
    ["SUM(m1)", 8],
    ["AVG(m1)", 8 / 3],
    ["MIN(m1)", 1],
    ["MAX(m1)", 4],
    ["STDDEV(FILL(m1, 8))", Math.sqrt(6.5)],
    ["DATAPOINT_COUNT(m1)", 3],
    ["METRIC_COUNT(METRICS())", 2],
    ["METRIC_COUNT([m1, m2, m1])", 3],
    ['METRIC_COUNT(METRICS("2"))', 1],
    ["METRIC_COUNT([METRICS('m'), m1])", 3],
    ["METRIC_COUNT([])", 0],
    ["METRIC_COUNT(m1)", 1],
    ["PERIOD(m1)", 60],
  ])("evaluates %s to a number", (expression, expected) => {
    expect(evaluate(expression, metrics)).toBeCloseTo(expected as number, 12);
  });

  it.each([
    ["SUM(METRICS())", "11 20 3 4 -"],
    ["SUM([m1, m2]) / 2", "5.5 10 1.5 2 -"],
    ["AVG(METRICS())", "5.5 10 1.5 2 -"],
    ["MIN(METRICS())", "1 20 3 0 -"],
    ["MAX([m1, m2])", "10 20 3 4 -"],
    ["STDDEV(METRICS())", "4.5 0 0 2 -"],
    ["DATAPOINT_COUNT(METRICS())", "2 1 1 2 0"],
    ['SUM(METRICS("1"))', "1 - 3 4 -"],
    ['SUM(METRICS("1")) / SUM(METRICS("2")) * 100', "10 0 - - -"],
    ["FIRST(METRICS())", "1 - 3 4 -"],
    ["LAST(METRICS())", "10 20 - 0 -"],
    ["LAST([m2, m2, m1])", "1 - 3 4 -"],
    ['SUM(METRICS("m1"))', "1 - 3 4 -"],
    ["FIRST(m2)", "10 20 - 0 -"],
    ["TIME_SERIES(MAX(m1))", "4 4 4 4 4"],
    ["TIME_SERIES(1 / 0)", "- - - - -"],
    ["m1 - AVG(m1)", "-1.6666666666666665 - 0.3333333333333335 1.3333333333333335 -"],
    ["m1 / PERIOD(m1) * 60", "1 - 3 4 -"],
    ["m1 - MIN(METRICS('none'))", "1 - 3 4 -"],
  ])("evaluates %s to a time series", (expression, expected) => {
    const longer = { m1: `${metrics.m1} -`, m2: `${metrics.m2} -` };

    expect(written(evaluate(expression, longer))).toBe(expected);
  });

  it("drops points that depend on a metric without data", () => {
    expect(written(evaluate("m1 - AVG(m2)", { m1: "1 2", m2: "- -" }))).toBe("- -");
  });

  it.each([
    ["ABS(m1)", "2.5 - 1.5 4 -"],
    ["CEIL(m1)", "-2 - 2 4 -"],
    ["FLOOR(m1)", "-3 - 1 4 -"],
    ["LOG(m1 ^ 0)", "0 - 0 0 -"],
    ["LOG(m1)", `- - ${Math.log(1.5)} ${Math.log(4)} -`],
    ["LOG10(m1 * 25)", `- - ${Math.log10(37.5)} 2 -`],
    ["DIFF(m1)", "- - 4 2.5 -"],
    ["DIFF_TIME(m1)", "- - 120 60 -"],
    ["RATE(m1) * 60", "- - 2 2.5 -"],
    ["RUNNING_SUM(m1)", "-2.5 - -1 3 -"],
    ["MINUTE(m1)", "58 59 0 1 2"],
    ["HOUR(m1)", "23 23 0 0 0"],
    ["DATE(m1)", "31 31 1 1 1"],
    ["MONTH(m1)", "1 1 2 2 2"],
    ["YEAR(m1)", "2026 2026 2026 2026 2026"],
    ["DAY(m1)", "6 6 7 7 7"],
    ["EPOCH(m1) - 1769903880", "0 60 120 180 240"],
    ["METRICS('x')", ""],
  ])("evaluates %s per period", (expression, expected) => {
    expect(written(evaluate(expression, { m1: "-2.5 - 1.5 4 -" }))).toBe(expected);
  });

  it("applies functions to each time series of an array", () => {
    expect(written(evaluate("ABS([-m1, m2])", metrics))).toBe("1 - 3 4 | 10 20 - 0");
    expect(written(evaluate("DIFF(METRICS())", metrics))).toBe("- - 2 1 | - 10 - -20");
  });

  it("counts Monday as day 1", () => {
    expect(written(evaluate("DAY(m1)", { m1: "0 0" }, { start: Date.UTC(2026, 1, 1, 23, 59) }))).toBe("7 1");
  });

  it.each([
    ["m1 +", "expected a value at character 5, got the end"],
    ["m1 + * 2", 'expected a value at character 6, got "*"'],
    ["m1 m2", 'expected an operator at character 4, got "m2"'],
    ['m1 "+" m2', 'expected an operator at character 4, got "+"'],
    ['"-" m1', 'expected an operator at character 5, got "m1"'],
    ["(m1", 'expected ")" at character 4, got the end'],
    ["[m1, m2", 'expected "]" at character 8, got the end'],
    ["SUM(m1 m2)", 'expected ")" at character 8, got "m2"'],
    ["m1)", 'expected an operator at character 3, got ")"'],
    ["", "expected a value at character 1, got the end"],
    ["m1 # 2", 'unknown character "#" at character 4'],
    ["m1 + 'a", "the quotation mark at character 6 is not closed"],
    ['m1 + "', "the quotation mark at character 6 is not closed"],
    ["m1 constructor 1", 'expected an operator at character 4, got "constructor"'],
    ["METRICS(m1)", "METRICS takes a string in quotation marks"],
    ["m3", 'the alarm has no metric or expression "m3"'],
    ["FILL(m1, OTHER)", 'the alarm has no metric or expression "OTHER"'],
    ["'m1'", 'the string "m1" can only be an argument of METRICS'],
    ["constructor(m1)", "there is no function constructor for alarms"],
    ["sum(m1)", "there is no function sum for alarms"],
    ["SEARCH('x', 'Sum', 60)", "there is no function SEARCH for alarms"],
    ["FILL(m1)", "FILL needs at least 2 arguments, got 1"],
    ["SUM()", "SUM needs at least 1 arguments, got 0"],
    ["PERIOD()", "PERIOD needs at least 1 arguments, got 0"],
    ["PERIOD(m3)", 'no metric or expression "m3"'],
    ["IF(m1)", "IF needs at least 2 arguments, got 1"],
    ["IF(METRICS(), 1)", "IF takes time series and numbers, not arrays"],
    ["IF(m1, METRICS())", "IF takes time series and numbers, not arrays"],
    ["IF(m1, 1, METRICS())", "IF takes time series and numbers, not arrays"],
    ["IF(0, 1)", "IF with a number as its condition needs a time series"],
    ["FILL(m1, METRICS())", "FILL fills with a number, a time series, REPEAT or LINEAR"],
    ["METRICS() + METRICS()", "+ needs a time series or a number on one of its sides"],
    ["SUM(1)", "expected one or more time series, got a number"],
    ["ABS(1)", "expected a time series, got a number"],
    ["METRIC_COUNT(1)", "expected an array of time series, got a number"],
    ["FIRST([])", "FIRST needs a time series"],
    ["LAST([])", "LAST needs a time series"],
    ["DATAPOINT_COUNT(1)", "DATAPOINT_COUNT needs a time series"],
    ["TIME_SERIES(m1)", "TIME_SERIES takes a number"],
  ])("rejects %s", (expression, message) => {
    expect(() => evaluate(expression, metrics)).toThrow(InvalidAlarmError);
    expect(() => evaluate(expression, metrics)).toThrow(/^metric math[: ]/);
    expect(() => evaluate(expression, metrics)).toThrow(message);
  });

  it.each(["SORT(METRICS(), AVG, ASC)", "SLICE(METRICS(), 0, 1)", "INSIGHT_RULE_METRIC('r', Sum)"])(
    "does not support %s, which CloudWatch accepts",
    (expression) => {
      expect(() => evaluate(expression, metrics)).toThrow(UnsupportedAlarmError);
      expect(() => evaluate(expression, metrics)).toThrow(/the function [A-Z_]+ is not supported here/);
    },
  );

  const anySeries = fc
    .array(fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined }), { minLength: 4, maxLength: 4 })
    .map((points) => points.map((point) => point ?? "-").join(" "));

  it("adds in any order, and takes back what it adds", () => {
    fc.assert(
      fc.property(anySeries, anySeries, (m1, m2) => {
        expect(written(evaluate("m1 + m2", { m1, m2 }))).toBe(written(evaluate("m2 + m1", { m1, m2 })));
        expect(written(evaluate("FILL(m1, 0) + m2 - m2", { m1, m2 }))).toBe(
          written(evaluate("FILL(m1, 0)", { m1, m2 })),
        );
      }),
    );
  });

  it("leaves no gap after FILL with a number, and changes no value that is there", () => {
    fc.assert(
      fc.property(anySeries, fc.nat(), (m1, filler) => {
        const filled = `${written(evaluate(`FILL(m1, ${filler})`, { m1 }))}`.split(" ");

        expect(filled).toEqual(m1.split(" ").map((point) => (point === "-" ? `${filler}` : point)));
      }),
    );
  });

  it("splits every point between IF and its opposite", () => {
    fc.assert(
      fc.property(anySeries, fc.nat(50), (m1, limit) => {
        const halves = `SUM([IF(m1 > ${limit}, m1), IF(m1 <= ${limit}, m1)])`;

        expect(written(evaluate(halves, { m1 }))).toBe(m1);
      }),
    );
  });
});
