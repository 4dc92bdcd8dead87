import fc from "fast-check";
import { evaluateMetricAlarm } from "../../../packages/alarms/evaluate-metric-alarm";
import { InvalidAlarmError } from "../../../packages/alarms/invalid-alarm-error";
import {
  type AlarmState,
  type MetricAlarm,
  type MetricStat,
  metricsOf,
} from "../../../packages/alarms/metric-alarm";
import { type Sample, sampleOf } from "../../../packages/alarms/sample";
import { UnsupportedAlarmError } from "../../../packages/alarms/unsupported-alarm-error";

const noon = Date.UTC(2026, 0, 31, 12);
const minute = 60_000;

const errors: MetricAlarm = {
  AlarmName: "errors",
  Namespace: "AWS/Lambda",
  MetricName: "Errors",
  Dimensions: [{ Name: "FunctionName", Value: "api" }],
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 1,
  ComparisonOperator: "GreaterThanThreshold",
  Threshold: 0,
};

interface Given {
  readonly at?: number;
  readonly state?: AlarmState;
}

function evaluate(alarm: MetricAlarm, samples: readonly Sample[], { at = noon, state = "OK" }: Given = {}) {
  return evaluateMetricAlarm(alarm, { at, state, samples: () => samples });
}

/** Samples in the minutes before noon, the last one in the minute that ends at noon. */
function lastMinutes(...values: (number | undefined)[]): Sample[] {
  return values.flatMap((value, index) =>
    value === undefined ? [] : sampleOf(noon - (values.length - index) * minute, value),
  );
}

describe("evaluateMetricAlarm", () => {
  it.each([
    ["GreaterThanThreshold", ["OK", "OK", "ALARM"]],
    ["GreaterThanOrEqualToThreshold", ["OK", "ALARM", "ALARM"]],
    ["LessThanThreshold", ["ALARM", "OK", "OK"]],
    ["LessThanOrEqualToThreshold", ["ALARM", "ALARM", "OK"]],
  ])("compares by %s", (ComparisonOperator, expected) => {
    const alarm = { ...errors, ComparisonOperator, Threshold: 5 };

    expect([4, 5, 6].map((value) => evaluate(alarm, lastMinutes(value)).state)).toEqual(expected);
  });

  it("aggregates the samples of a period: from its first to before its end", () => {
    const alarm = { ...errors, Threshold: 2, TreatMissingData: "notBreaching" };
    const at = (milliseconds: number) => sampleOf(noon + milliseconds, 2);

    expect(evaluate(alarm, [at(-minute), at(-1)]).state).toBe("ALARM");
    expect(evaluate(alarm, [at(-minute - 1), at(-1)]).state).toBe("OK");
    expect(evaluate(alarm, [at(-minute), at(0)]).state).toBe("OK");
  });

  it.each([
    ["Average", undefined, "OK"],
    ["Maximum", undefined, "ALARM"],
    [undefined, "p50", "OK"],
    [undefined, "p99", "ALARM"],
    [undefined, "tm50", "OK"],
  ])("uses the statistic %s or %s", (Statistic, ExtendedStatistic, expected) => {
    const samples = [0, 0, 0, 10].map((value) => sampleOf(noon - 1, value));

    expect(evaluate({ ...errors, Statistic, ExtendedStatistic, Threshold: 4 }, samples).state).toBe(expected);
  });

  describe("slides its window", () => {
    const alarm = { ...errors, Period: 300, TreatMissingData: "notBreaching" };
    const stateAt = (settings: Partial<MetricAlarm>, at: number, samples: readonly Sample[]) =>
      evaluate({ ...alarm, ...settings }, samples, { at }).state;

    it("by a minute, even if the period is five: from minutes 1 to 5 to minutes 2 to 6", () => {
      const both = [sampleOf(noon, 1), sampleOf(noon + 5 * minute, 1)];
      const settings = { Threshold: 1 };

      expect(stateAt(settings, noon + 5 * minute, both)).toBe("OK");
      expect(stateAt(settings, noon + 5 * minute + 59_999, both)).toBe("OK");
      expect(stateAt(settings, noon + 6 * minute, both)).toBe("OK");
      expect(stateAt(settings, noon + 6 * minute, [sampleOf(noon + minute, 1), both[1] as Sample])).toBe(
        "ALARM",
      );
    });

    it("by a minute, if the period is a minute", () => {
      const samples = [sampleOf(noon + 1, 1)];

      expect([59_999, 60_000].map((later) => stateAt({ Period: 60 }, noon + later, samples))).toEqual([
        "OK",
        "ALARM",
      ]);
    });

    it("by ten seconds if the period is shorter than a minute", () => {
      const settings = { Period: 10 };
      const samples = [sampleOf(noon + 10_000, 1)];

      expect([9_999, 19_999, 20_000].map((later) => stateAt(settings, noon + later, samples))).toEqual([
        "OK",
        "OK",
        "ALARM",
      ]);
    });

    it("by an hour if the evaluation periods exceed a day", () => {
      const settings = { Period: 3_600, EvaluationPeriods: 25, DatapointsToAlarm: 1 };
      const samples = [sampleOf(noon + minute, 1)];

      expect([59, 60].map((later) => stateAt(settings, noon + later * minute, samples))).toEqual([
        "OK",
        "ALARM",
      ]);
      expect(stateAt({ ...settings, EvaluationPeriods: 24 }, noon + 2 * minute, samples)).toBe("ALARM");
    });
  });

  it("looks at two periods more than it evaluates, if some have no data", () => {
    const alarm = { ...errors, TreatMissingData: "notBreaching" };

    expect(evaluate(alarm, lastMinutes(1, undefined, undefined)).state).toBe("ALARM");
    expect(evaluate(alarm, lastMinutes(1, undefined, undefined, undefined)).state).toBe("OK");
    expect(evaluate(alarm, lastMinutes(1, 0)).state).toBe("OK");
  });

  it("needs M of N breaching data points; by default all of them", () => {
    const twoOfThree = { ...errors, EvaluationPeriods: 3, DatapointsToAlarm: 2 };
    const allOfThree = { ...errors, EvaluationPeriods: 3 };

    expect([
      evaluate(twoOfThree, lastMinutes(1, 0, 1)),
      evaluate(allOfThree, lastMinutes(1, 0, 1)),
    ]).toMatchObject([{ state: "ALARM" }, { state: "OK" }]);
    expect(evaluate(allOfThree, lastMinutes(1, 1, 1)).state).toBe("ALARM");
  });

  it.each([
    [undefined, "INSUFFICIENT_DATA"],
    ["missing", "INSUFFICIENT_DATA"],
    ["ignore", "OK"],
    ["breaching", "ALARM"],
    ["notBreaching", "OK"],
  ])("treats missing data as %s", (TreatMissingData, expected) => {
    expect(evaluate({ ...errors, TreatMissingData }, []).state).toBe(expected);
  });

  it.each(["missing", "breaching", "notBreaching", "ignore", undefined])(
    "ignores missing data of DynamoDB, even as %s",
    (TreatMissingData) => {
      const alarm = { ...errors, Namespace: "AWS/DynamoDB", TreatMissingData };

      expect(evaluate(alarm, [], { state: "ALARM" }).state).toBe("ALARM");
      expect(evaluate(alarm, [], { state: "OK" }).state).toBe("OK");
    },
  );

  it("counts samples of the alarm's unit only, and a statistic set of no samples not at all", () => {
    const samples = [{ ...sampleOf(noon - 1, 9), unit: "Bytes" }];
    const state = (Unit: string | undefined) =>
      evaluate({ ...errors, Unit, TreatMissingData: "notBreaching" }, samples).state;

    expect([state("Bytes"), state("Count"), state(undefined)]).toEqual(["ALARM", "OK", "ALARM"]);
    expect(evaluate(errors, [sampleOf(noon - 1, 9, 0)]).state).toBe("INSUFFICIENT_DATA");
  });

  describe("with a percentile of few samples", () => {
    const alarm = {
      ...errors,
      Statistic: undefined,
      ExtendedStatistic: "p99",
      EvaluationPeriods: 3,
      DatapointsToAlarm: 1,
    };
    const state = (settings: Partial<MetricAlarm>, samples: readonly Sample[]) =>
      evaluate({ ...alarm, ...settings }, samples, { state: "OK" }).state;
    const ignore = { EvaluateLowSampleCountPercentile: "ignore" };

    it("evaluates anyway by default", () => {
      expect(state({}, lastMinutes(1))).toBe("ALARM");
      expect(state({ EvaluateLowSampleCountPercentile: "evaluate" }, lastMinutes(1))).toBe("ALARM");
    });

    it.each([
      ["p99", 1_000],
      ["p90", 100],
      ["p50", 20],
      ["p10", 100],
      ["p1", 1_000],
      ["p99.9", 10_000],
      ["p99.95", 20_000],
      ["p99.97", 33_334],
      ["p0.1", 10_000],
    ])(
      "keeps the state if it ignores them: %s needs %i samples in the evaluation periods",
      (name, enough) => {
        const samples = (count: number) => [
          sampleOf(noon - 1, 1, count - 2),
          sampleOf(noon - minute - 1, 1, 1),
          sampleOf(noon - 2 * minute - 1, 1, 1),
          sampleOf(noon - 3 * minute - 1, 1, 50_000),
        ];

        expect(state({ ...ignore, ExtendedStatistic: name }, samples(enough - 1))).toBe("OK");
        expect(state({ ...ignore, ExtendedStatistic: name }, samples(enough))).toBe("ALARM");
      },
    );

    it.each(["p0", "p100", "tm99"])(
      "does not wait for %s, which no number of samples makes better",
      (name) => {
        expect(state({ ...ignore, ExtendedStatistic: name }, lastMinutes(1))).toBe("ALARM");
      },
    );

    it("counts the samples of the data points that it evaluates, even if some periods lack data", () => {
      const samples = [sampleOf(noon - 1, 1, 1), sampleOf(noon - 5 * minute, 1, 999)];

      expect(state({ ...ignore, ExtendedStatistic: "p99" }, samples)).toBe("ALARM");
    });

    it("treats missing data as the alarm says if there is no sample at all", () => {
      expect(state({ ...ignore, TreatMissingData: "breaching" }, [])).toBe("ALARM");
      expect(state(ignore, [])).toBe("INSUFFICIENT_DATA");
    });

    it("does not wait for another statistic", () => {
      expect(state({ ...ignore, ExtendedStatistic: undefined, Statistic: "Sum" }, lastMinutes(1))).toBe(
        "ALARM",
      );
    });
  });

  describe("on metric math", () => {
    const stat = (MetricName: string, settings: Partial<MetricStat> = {}): MetricStat => ({
      Metric: { Namespace: "N", MetricName },
      Period: 60,
      Stat: "Sum",
      ...settings,
    });
    const rate: MetricAlarm = {
      EvaluationPeriods: 1,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 0.5,
      Metrics: [
        { Id: "rate", Expression: "failed / count", ReturnData: true },
        { Id: "failed", Expression: "FILL(errors, 0)", ReturnData: false },
        { Id: "errors", MetricStat: stat("Errors"), ReturnData: false },
        { Id: "count", MetricStat: stat("Count"), ReturnData: false },
      ],
    };
    const math = (
      alarm: MetricAlarm,
      series: Readonly<Record<string, readonly Sample[]>>,
      state: AlarmState = "OK",
    ) =>
      evaluateMetricAlarm(alarm, {
        at: noon,
        state,
        samples: ({ Metric }) => series[`${Metric?.MetricName}`] ?? [],
      });

    it("evaluates the expression that is returned, over metrics and other expressions", () => {
      const Count = lastMinutes(10);

      expect(math(rate, { Errors: lastMinutes(6), Count }).state).toBe("ALARM");
      expect(math(rate, { Errors: lastMinutes(5), Count }).state).toBe("OK");
      expect(math(rate, { Count }).state).toBe("OK");
      expect(math(rate, { Errors: lastMinutes(6) }).state).toBe("INSUFFICIENT_DATA");
    });

    it.each([
      ["ignores missing data if all metrics are DynamoDB's", ["AWS/DynamoDB", "AWS/DynamoDB"], "OK"],
      ["treats missing data as it says if one is not", ["AWS/DynamoDB", "AWS/Lambda"], "ALARM"],
    ])("%s", (_, [first, second], expected) => {
      const throttled: MetricAlarm = {
        ...rate,
        TreatMissingData: "breaching",
        Metrics: [
          { Id: "sum", Expression: "a + b" },
          {
            Id: "a",
            MetricStat: stat("A", { Metric: { Namespace: first, MetricName: "A" } }),
            ReturnData: false,
          },
          {
            Id: "b",
            MetricStat: stat("B", { Metric: { Namespace: second, MetricName: "B" } }),
            ReturnData: false,
          },
        ],
      };

      expect(math(throttled, {}).state).toBe(expected);
    });

    it("is OK over metrics that never had data, if FILL makes them 0", () => {
      const filled: MetricAlarm = {
        ...rate,
        Metrics: [
          { Id: "total", Expression: "FILL(a, 0) + FILL(b, 0)" },
          { Id: "a", MetricStat: stat("A"), ReturnData: false },
          { Id: "b", MetricStat: stat("B"), ReturnData: false },
        ],
      };

      expect(math(filled, {}, "INSUFFICIENT_DATA").state).toBe("OK");
      expect(math(filled, { B: lastMinutes(1) }).state).toBe("ALARM");
    });

    it("knows the period, the units and the metrics that METRICS returns", () => {
      const alarm: MetricAlarm = {
        ...rate,
        Metrics: [
          { Id: "total", Expression: "SUM(METRICS()) / PERIOD(a)" },
          { Id: "a", MetricStat: stat("A", { Unit: "Count" }), ReturnData: false },
          { Id: "b", MetricStat: stat("B"), ReturnData: false },
          { Id: "other", Expression: "a * 1000", ReturnData: false },
        ],
      };
      const A = [
        { ...sampleOf(noon - 1, 30), unit: "Count" },
        { ...sampleOf(noon - 1, 500), unit: "Bytes" },
      ];

      expect(JSON.parse(math(alarm, { A, B: lastMinutes(30) }).reasonData).recentDatapoints).toEqual([1]);
    });

    it("knows when its periods begin", () => {
      const alarm = {
        ...rate,
        Metrics: [
          { Id: "h", Expression: "HOUR(a)" },
          { Id: "a", MetricStat: stat("A"), ReturnData: false },
        ],
      };

      expect(JSON.parse(math(alarm, {}).reasonData).recentDatapoints).toEqual([11]);
    });

    it.each<[string, MetricAlarm["Metrics"]]>([
      [
        "must have ReturnData, got 2",
        [
          { Id: "a", MetricStat: stat("A") },
          { Id: "b", MetricStat: stat("B") },
        ],
      ],
      ["must have ReturnData, got 0", [{ Id: "a", MetricStat: stat("A"), ReturnData: false }]],
      [
        'the alarm has no metric or expression "gone"',
        [
          { Id: "x", Expression: "a + gone" },
          { Id: "a", MetricStat: stat("A"), ReturnData: false },
        ],
      ],
      [
        '"x" refers to itself',
        [
          { Id: "x", Expression: "y" },
          { Id: "y", Expression: "a + x", ReturnData: false },
          { Id: "a", MetricStat: stat("A"), ReturnData: false },
        ],
      ],
      [
        'the alarm has no metric or expression "gone"',
        [
          { Id: "unused", Expression: "gone", ReturnData: false },
          { Id: "a", MetricStat: stat("A") },
        ],
      ],
      [
        'watches "x", which must be a single time series',
        [
          { Id: "x", Expression: "METRICS()" },
          { Id: "a", MetricStat: stat("A"), ReturnData: false },
        ],
      ],
      [
        'watches "x", which must be a single time series',
        [
          { Id: "x", Expression: "AVG(a)" },
          { Id: "a", MetricStat: stat("A"), ReturnData: false },
        ],
      ],
    ])("rejects an alarm: %s", (message, Metrics) => {
      expect(() => math({ ...rate, Metrics }, {})).toThrow(InvalidAlarmError);
      expect(() => math({ ...rate, Metrics }, {})).toThrow(message);
    });

    it.each<[string, MetricAlarm["Metrics"]]>([
      [
        "metrics with different periods in one alarm are not supported here, got 60, 300",
        [
          { Id: "a", MetricStat: stat("A") },
          { Id: "b", MetricStat: stat("B", { Period: 300 }), ReturnData: false },
        ],
      ],
      ["an alarm without a metric is not supported here", [{ Id: "a", Expression: "TIME_SERIES(1)" }]],
      [
        "Metrics Insights queries are not supported here",
        [
          { Id: "q", Expression: "SELECT AVG(CPUUtilization) FROM EC2" },
          { Id: "a", MetricStat: stat("A"), ReturnData: false },
        ],
      ],
    ])("does not support an alarm: %s", (message, Metrics) => {
      expect(() => math({ ...rate, Metrics }, {})).toThrow(UnsupportedAlarmError);
      expect(() => math({ ...rate, Metrics }, {})).toThrow(message);
    });

    it("names the metrics that it needs", () => {
      expect(metricsOf(rate)).toEqual([stat("Errors"), stat("Count")]);
      expect(metricsOf({ ...errors, Metrics: [] })).toEqual([
        {
          Metric: { Namespace: "AWS/Lambda", MetricName: "Errors", Dimensions: errors.Dimensions },
          Period: 60,
          Stat: "Sum",
          Unit: undefined,
        },
      ]);
    });
  });

  it.each<[string, Partial<MetricAlarm>]>([
    [
      "TreatMissingData must be one of missing, ignore, breaching, notBreaching, got no",
      { TreatMissingData: "no" },
    ],
    ["EvaluationPeriods must be a whole number of at least 1, got 0", { EvaluationPeriods: 0 }],
    [
      "EvaluationPeriods must be a whole number of at least 1, got undefined",
      { EvaluationPeriods: undefined },
    ],
    ["EvaluationPeriods must be a whole number of at least 1, got 1.5", { EvaluationPeriods: 1.5 }],
    ["DatapointsToAlarm must be a whole number of at least 1, got 0", { DatapointsToAlarm: 0 }],
    [
      "DatapointsToAlarm must be less than or equal to EvaluationPeriods (1), got 2",
      { DatapointsToAlarm: 2 },
    ],
    [
      "ComparisonOperator must be one of GreaterThanThreshold, GreaterThanOrEqualToThreshold, LessThanThreshold, LessThanOrEqualToThreshold, got LessThanLowerThreshold",
      { ComparisonOperator: "LessThanLowerThreshold" },
    ],
    ["LessThanOrEqualToThreshold, got none", { ComparisonOperator: undefined }],
    [
      "ComparisonOperator must be one of LessThanLowerThreshold, GreaterThanUpperThreshold, LessThanLowerOrGreaterThanUpperThreshold, got GreaterThanThreshold",
      { Threshold: undefined, ThresholdMetricId: "band" },
    ],
    ["exactly one of Threshold and ThresholdMetricId must be set", { Threshold: undefined }],
    ["exactly one of Threshold and ThresholdMetricId must be set", { ThresholdMetricId: "band" }],
    ["Period must be positive, got 0", { Period: 0 }],
    ["Period must be positive, got 0", { Period: undefined }],
    ['there is no statistic ""', { Statistic: undefined }],
  ])("rejects an alarm: %s", (message, settings) => {
    expect(() => evaluate({ ...errors, ...settings }, lastMinutes(1))).toThrow(InvalidAlarmError);
    expect(() => evaluate({ ...errors, ...settings }, lastMinutes(1))).toThrow(message);
  });

  it.each<[string, Partial<MetricAlarm>]>([
    ["a wall clock window is not supported here", { EvaluationWindow: { WallClockWindow: {} } }],
    [
      "anomaly detection is not supported here",
      {
        ComparisonOperator: "LessThanLowerThreshold",
        Threshold: undefined,
        ThresholdMetricId: "band",
      },
    ],
  ])("does not support an alarm: %s", (message, settings) => {
    expect(() => evaluate({ ...errors, ...settings }, lastMinutes(1))).toThrow(UnsupportedAlarmError);
    expect(() => evaluate({ ...errors, ...settings }, lastMinutes(1))).toThrow(message);
  });

  describe("explains its state in CloudWatch's words", () => {
    const three = { ...errors, EvaluationPeriods: 3, DatapointsToAlarm: 2, Threshold: 1.5 };

    it.each<[string, MetricAlarm, Sample[], AlarmState]>([
      [
        "Threshold Crossed: 1 out of the last 1 datapoints [3.0 (31/01/26 11:59:00)] was greater than the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition).",
        errors,
        lastMinutes(3),
        "OK",
      ],
      [
        "Threshold Crossed: 1 out of the last 1 datapoints [0.0 (31/01/26 11:59:00)] was not greater than the threshold (0.0) (minimum 1 datapoint for ALARM -> OK transition).",
        errors,
        lastMinutes(0),
        "ALARM",
      ],
      [
        "Threshold Crossed: 2 out of the last 3 datapoints [2.25 (31/01/26 11:59:00), 3.0 (31/01/26 11:57:00)] were greater than the threshold (1.5) (minimum 2 datapoints for INSUFFICIENT_DATA -> ALARM transition).",
        three,
        lastMinutes(9, 3, 1, 2.25),
        "INSUFFICIENT_DATA",
      ],
      [
        "Threshold Crossed: 2 out of the last 3 datapoints [0.0 (31/01/26 11:58:00), 1.0 (31/01/26 11:57:00)] were not greater than the threshold (1.5) (minimum 2 datapoints for ALARM -> OK transition).",
        three,
        lastMinutes(1, 0, 2),
        "OK",
      ],
      [
        "Threshold Crossed: 1 out of the last 3 datapoints [1.0 (31/01/26 11:58:00)] was not greater than the threshold (1.5) and 2 missing datapoints were treated as [Missing] (minimum 2 datapoints for ALARM -> OK transition).",
        three,
        lastMinutes(1, undefined),
        "ALARM",
      ],
      [
        "Threshold Crossed: 1 out of the last 3 datapoints [9.0 (31/01/26 11:58:00)] was greater than the threshold (1.5) and 1 missing datapoint was treated as [Breaching] (minimum 2 datapoints for OK -> ALARM transition).",
        { ...three, TreatMissingData: "breaching" },
        lastMinutes(1, 9, undefined),
        "ALARM",
      ],
      [
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
        { ...errors, TreatMissingData: "notBreaching" },
        [],
        "ALARM",
      ],
      [
        "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Ignored].",
        { ...three, TreatMissingData: "ignore" },
        [],
        "OK",
      ],
      [
        "Threshold Crossed: 3 out of the last 3 datapoints [0.0 (31/01/26 11:59:00), 0.0 (31/01/26 11:58:00), 0.0 (31/01/26 11:57:00)] were not greater than or equal to the threshold (1.5) (minimum 3 datapoints for ALARM -> OK transition).",
        { ...three, DatapointsToAlarm: 1, ComparisonOperator: "GreaterThanOrEqualToThreshold" },
        lastMinutes(0, 0, 0),
        "ALARM",
      ],
      [
        "Threshold Crossed: 1 out of the last 3 datapoints [1.0 (31/01/26 11:59:00)] was less than the threshold (1.5) (minimum 1 datapoint for OK -> ALARM transition).",
        { ...three, DatapointsToAlarm: 1, ComparisonOperator: "LessThanThreshold" },
        lastMinutes(2, 2, 1),
        "OK",
      ],
      [
        "Threshold Crossed: 1 out of the last 1 datapoints [0.0 (31/01/26 11:59:00)] was less than or equal to the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition).",
        { ...errors, ComparisonOperator: "LessThanOrEqualToThreshold" },
        lastMinutes(0),
        "OK",
      ],
      ["Insufficient Data: 1 datapoint was unknown.", errors, [], "OK"],
      ["Insufficient Data: 3 datapoints were unknown.", three, [], "OK"],
    ])("%s", (reason, alarm, samples, state) => {
      expect(evaluate(alarm, samples, { state }).reason).toBe(reason);
    });

    it("and in data for programs", () => {
      const { reasonData } = evaluate(three, lastMinutes(2, undefined, 3), { at: noon + 1_500 });

      expect(JSON.parse(reasonData)).toEqual({
        version: "1.0",
        queryDate: "2026-01-31T12:00:01.500+0000",
        startDate: "2026-01-31T11:57:00.000+0000",
        statistic: "Sum",
        period: 60,
        recentDatapoints: [2, 3],
        threshold: 1.5,
        evaluatedDatapoints: [
          { timestamp: "2026-01-31T11:59:00.000+0000", value: 3 },
          { timestamp: "2026-01-31T11:57:00.000+0000", value: 2 },
        ],
      });
    });

    it("without a beginning and a statistic if there are none", () => {
      const alarm = { ...errors, Statistic: undefined, ExtendedStatistic: "p99" };

      expect(JSON.parse(evaluate(alarm, []).reasonData)).toMatchObject({
        statistic: "p99",
        evaluatedDatapoints: [],
      });
      expect(JSON.parse(evaluate(alarm, []).reasonData)).not.toHaveProperty("startDate");
      expect(
        JSON.parse(
          evaluate(
            {
              ...errors,
              Statistic: undefined,
              Metrics: [{ Id: "m", MetricStat: { Period: 60, Stat: "Sum" } }],
            },
            [],
          ).reasonData,
        ),
      ).not.toHaveProperty("statistic");
    });
  });

  it("names its errors", () => {
    expect(new UnsupportedAlarmError("x").name).toBe("UnsupportedAlarmError");
    expect(new InvalidAlarmError("x").name).toBe("InvalidAlarmError");
  });

  it("gives the same state again at the same moment, whatever else it was given", () => {
    const value = fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom("missing", "ignore", "breaching", "notBreaching"),
        (values, EvaluationPeriods, TreatMissingData) => {
          const alarm = { ...errors, EvaluationPeriods, TreatMissingData };
          const samples = lastMinutes(...values);
          const { state } = evaluate(alarm, samples);
          const outside = [sampleOf(noon, 9), sampleOf(noon - (EvaluationPeriods + 2) * minute - 1, 9)];

          expect(evaluate(alarm, samples, { state }).state).toBe(state);
          expect(evaluate(alarm, [...samples, ...outside].reverse()).state).toBe(state);
        },
      ),
    );
  });
});
