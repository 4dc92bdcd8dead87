import fc from "fast-check";
import type { AlarmState, TreatMissingData } from "../../../packages/alarms/metric-alarm";
import {
  type Datapoint,
  type DatapointRules,
  stateOfDatapoints,
} from "../../../packages/alarms/state-of-datapoints";
import { type DocumentedExample, threeOutOfThree, twoOutOfThree } from "./documented-examples";

const states: readonly AlarmState[] = ["OK", "ALARM", "INSUFFICIENT_DATA"];
const treatments: readonly TreatMissingData[] = ["missing", "ignore", "breaching", "notBreaching"];

function read(datapoints: string): Datapoint[] {
  return datapoints.split(" ").map((sign) => (sign === "-" ? undefined : sign === "X"));
}

function evaluate(datapoints: string, rules: DatapointRules, current: AlarmState = "OK"): AlarmState {
  return stateOfDatapoints(read(datapoints), current, rules);
}

describe("stateOfDatapoints", () => {
  describe.each([
    { datapointsToAlarm: 3, examples: threeOutOfThree },
    { datapointsToAlarm: 2, examples: twoOutOfThree },
  ])("with $datapointsToAlarm out of 3, as CloudWatch documents it", ({ datapointsToAlarm, examples }) => {
    const rows = examples.flatMap(({ datapoints, expected }: DocumentedExample) =>
      treatments.flatMap((treatMissingData) =>
        states.map((current) => ({
          datapoints,
          treatMissingData,
          current,
          expected: expected[treatMissingData] === "current" ? current : expected[treatMissingData],
        })),
      ),
    );

    it.each(rows)("$datapoints with missing data as $treatMissingData in $current gives $expected", (row) => {
      const rules = { evaluationPeriods: 3, datapointsToAlarm, treatMissingData: row.treatMissingData };

      expect(evaluate(row.datapoints, rules, row.current)).toBe(row.expected);
    });
  });

  describe("avoids premature alarms", () => {
    const rules = { evaluationPeriods: 3, datapointsToAlarm: 3, treatMissingData: "missing" as const };

    it.each(["- - - - X", "- - - X -", "- - - X X"])("%s keeps the state", (datapoints) => {
      expect(states.map((current) => evaluate(datapoints, rules, current))).toEqual(states);
    });

    it.each(["- - - X 0", "- - X - 0", "X - - - 0"])("%s is OK", (datapoints) => {
      expect(evaluate(datapoints, rules, "ALARM")).toBe("OK");
    });

    it.each(["- - X - -", "- X - - X", "X - - - -"])("%s is in alarm", (datapoints) => {
      expect(evaluate(datapoints, rules)).toBe("ALARM");
    });
  });

  it.each([
    ["X X X - -", 3, "ALARM ALARM ALARM ALARM"],
    ["X X - - 0", 3, "OK OK OK OK"],
    ["- X 0 - -", 3, "OK OK OK OK"],
    ["X - - - -", 3, "ALARM current ALARM OK"],
    ["0 X X X X", 3, "ALARM ALARM ALARM ALARM"],
    ["X X X X 0", 3, "OK OK OK OK"],
    ["- - X - 0", 3, "OK OK OK OK"],
    ["X - - - 0", 2, "OK OK ALARM OK"],
    ["X X - - 0", 2, "ALARM ALARM ALARM ALARM"],
    ["X X 0 0 -", 2, "OK OK OK OK"],
    ["- - X - 0", 2, "OK OK ALARM OK"],
    ["- - - - X", 3, "current current ALARM OK"],
    ["- - - X -", 3, "current current ALARM OK"],
    ["- - - X 0", 3, "OK OK OK OK"],
    ["- - X 0 -", 3, "OK OK OK OK"],
  ])("gives %s with %i out of 3 the states %s", (datapoints, datapointsToAlarm, expected) => {
    for (const current of states) {
      const found = treatments.map((treatMissingData) =>
        evaluate(datapoints, { evaluationPeriods: 3, datapointsToAlarm, treatMissingData }, current),
      );

      expect(found).toEqual(expected.split(" ").map((state) => (state === "current" ? current : state)));
    }
  });

  it("goes into alarm next time if the last data point has left the range and missing data breaches", () => {
    const rules = { evaluationPeriods: 3, datapointsToAlarm: 3, treatMissingData: "breaching" as const };

    expect([evaluate("0 - - - -", rules), evaluate("- - - - -", rules)]).toEqual(["OK", "ALARM"]);
  });

  it("counts breaching data points that suffice, however missing data is treated", () => {
    const found = treatments.map((treatMissingData) =>
      evaluate("- - - X X", { evaluationPeriods: 3, datapointsToAlarm: 2, treatMissingData }),
    );

    expect(found).toEqual(["ALARM", "ALARM", "ALARM", "ALARM"]);
  });

  const anyRules = fc
    .record({
      evaluationPeriods: fc.integer({ min: 1, max: 6 }),
      treatMissingData: fc.constantFrom(...treatments),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ evaluationPeriods, treatMissingData, part }) => ({
      evaluationPeriods,
      treatMissingData,
      datapointsToAlarm: Math.max(1, Math.round(part * evaluationPeriods)),
    }));
  const anyRange = (rules: DatapointRules, datapoint: fc.Arbitrary<Datapoint>) =>
    fc.array(datapoint, { minLength: rules.evaluationPeriods + 2, maxLength: rules.evaluationPeriods + 2 });
  const sometimesMissing = fc.constantFrom<Datapoint>(true, false, undefined);
  const anyCase = (datapoint: fc.Arbitrary<Datapoint>) =>
    anyRules.chain((rules) =>
      fc.record({
        rules: fc.constant(rules),
        range: anyRange(rules, datapoint),
        current: fc.constantFrom(...states),
      }),
    );

  it("looks at the latest N data points only, if none is missing", () => {
    fc.assert(
      fc.property(anyCase(fc.boolean()), ({ rules, range, current }) => {
        const latest = range.slice(-rules.evaluationPeriods).filter(Boolean).length;

        expect(stateOfDatapoints(range, current, rules)).toBe(
          latest >= rules.datapointsToAlarm ? "ALARM" : "OK",
        );
      }),
    );
  });

  it("ignores how missing data is treated, if there are N data points", () => {
    fc.assert(
      fc.property(anyCase(sometimesMissing), ({ rules, range, current }) => {
        fc.pre(range.filter((datapoint) => datapoint !== undefined).length >= rules.evaluationPeriods);
        const found = treatments.map((treatMissingData) =>
          stateOfDatapoints(range, current, { ...rules, treatMissingData }),
        );

        expect(new Set(found).size).toBe(1);
      }),
    );
  });

  it("never leaves the alarm state because one more data point breaches", () => {
    fc.assert(
      fc.property(anyCase(sometimesMissing), fc.nat(), ({ rules, range, current }, at) => {
        const index = at % range.length;
        fc.pre(range[index] === false && stateOfDatapoints(range, current, rules) === "ALARM");

        expect(stateOfDatapoints(range.with(index, true), current, rules)).toBe("ALARM");
      }),
    );
  });

  it("is in alarm with missing data as not breaching only if it is with missing data as breaching", () => {
    fc.assert(
      fc.property(anyCase(sometimesMissing), ({ rules, range, current }) => {
        const state = (treatMissingData: TreatMissingData) =>
          stateOfDatapoints(range, current, { ...rules, treatMissingData });

        expect(state("notBreaching") === "ALARM" && state("breaching") === "OK").toBe(false);
      }),
    );
  });

  it("has insufficient data only if there is no data at all, or if it had insufficient data before", () => {
    fc.assert(
      fc.property(anyCase(sometimesMissing), ({ rules, range, current }) => {
        const isEmpty = range.every((datapoint) => datapoint === undefined);
        fc.pre(current !== "INSUFFICIENT_DATA");

        expect(stateOfDatapoints(range, current, rules) === "INSUFFICIENT_DATA").toBe(
          isEmpty && rules.treatMissingData === "missing",
        );
      }),
    );
  });
});
