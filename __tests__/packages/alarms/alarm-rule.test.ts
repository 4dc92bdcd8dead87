import fc from "fast-check";
import { parseAlarmRule } from "../../../packages/alarms/alarm-rule";
import { InvalidAlarmError } from "../../../packages/alarms/invalid-alarm-error";
import type { AlarmState } from "../../../packages/alarms/metric-alarm";

const states: Readonly<Record<string, AlarmState>> = {
  firing: "ALARM",
  "also firing": "ALARM",
  fine: "OK",
  unknown: "INSUFFICIENT_DATA",
  "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:firing": "ALARM",
  OK: "ALARM",
  'a "quoted" \\ (one)': "OK",
};

function isTrue(rule: string): boolean {
  return parseAlarmRule(rule).isTrue((alarm) => states[alarm]);
}

describe("parseAlarmRule", () => {
  it.each([
    ["ALARM(firing)", true],
    ['ALARM("firing")', true],
    ["ALARM(fine)", false],
    ["OK(fine)", true],
    ["OK(firing)", false],
    ["INSUFFICIENT_DATA(unknown)", true],
    ["INSUFFICIENT_DATA(fine)", false],
    ["OK(gone)", false],
    ["NOT OK(gone)", true],
    ['ALARM("also firing")', true],
    ["ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:firing)", true],
    ['ALARM("OK")', true],
    ["ALARM(OK)", true],
    ['OK("a \\"quoted\\" \\\\ (one)")', true],
    ["TRUE", true],
    ["FALSE", false],
    ["NOT FALSE", true],
    ["NOT NOT TRUE", true],
    ["TRUE AND TRUE", true],
    ["TRUE AND FALSE", false],
    ["FALSE OR TRUE", true],
    ["FALSE OR FALSE", false],
    ["TRUE OR FALSE AND FALSE", true],
    ["(TRUE OR FALSE) AND FALSE", false],
    ["FALSE AND FALSE OR TRUE", true],
    ["NOT FALSE AND FALSE", false],
    ["NOT (FALSE AND FALSE)", true],
    ["NOT TRUE OR TRUE", true],
    ["TRUE AND TRUE AND FALSE", false],
    ["FALSE OR FALSE OR TRUE", true],
    // The forms of CloudWatch's examples.
    ["ALARM(firing) AND ALARM(fine)", false],
    ["ALARM(firing) AND NOT ALARM(fine)", true],
    ["(ALARM(firing) OR ALARM(fine)) AND OK(unknown)", false],
    ['(ALARM("firing") OR \n   ALARM("fine")) AND \n   OK("fine")', true],
    ["AT_LEAST(2, ALARM, (firing, fine, unknown))", false],
    ['AT_LEAST(2, ALARM, (firing, "also firing", fine))', true],
    ["AT_LEAST(1, OK, (firing, fine))", true],
    ["AT_LEAST(50%, OK, (fine, firing))", true],
    ["AT_LEAST(51%, OK, (fine, firing))", false],
    ["AT_LEAST(60%, NOT OK, (fine, firing, unknown))", true],
    ["AT_LEAST(3, NOT OK, (fine, firing, unknown))", false],
    ["AT_LEAST(0, ALARM, (fine))", true],
    ["NOT AT_LEAST(1, ALARM, (fine)) AND TRUE  ", true],
  ])("evaluates %s", (rule, expected) => {
    expect(isTrue(rule)).toBe(expected);
  });

  it("names each alarm once, in the rule's order", () => {
    const { alarms } = parseAlarmRule(
      'ALARM(b) OR OK("a c") AND NOT ALARM(b) OR AT_LEAST(1, OK, (d, "a c", e))',
    );

    expect(alarms).toEqual(["b", "a c", "d", "e"]);
  });

  it.each([
    [
      "",
      'expected NOT, TRUE, FALSE, AT_LEAST, ALARM, OK, INSUFFICIENT_DATA or "(" at character 1, got the end',
    ],
    ["ALARM", 'expected "(" at character 6, got the end'],
    ["ALARM(", "expected the name of an alarm at character 7, got the end"],
    ["ALARM()", 'expected the name of an alarm at character 7, got ")"'],
    ["ALARM(a", 'expected ")" at character 8, got the end'],
    ["ALARM(a b)", 'expected ")" at character 9, got "b"'],
    ["ALARM(a) ALARM(b)", 'expected AND or OR at character 10, got "ALARM"'],
    ["ALARM(a) and ALARM(b)", 'expected AND or OR at character 10, got "and"'],
    ["ALARM(a) AND", "at character 13, got the end"],
    ["alarm(a)", 'at character 1, got "alarm"'],
    ['ALARM("")x', 'expected AND or OR at character 10, got "x"'],
    ['""', 'at character 1, got ""'],
    ['"TRUE"', 'at character 1, got "TRUE"'],
    ['"OK"(a)', 'at character 1, got "OK"'],
    ["(TRUE", 'expected ")" at character 6, got the end'],
    ["TRUE)", 'expected AND or OR at character 5, got ")"'],
    ['ALARM("a)', "the quotation mark at character 7 is not closed"],
    ['ALARM(b) OR ALARM("a)', "the quotation mark at character 19 is not closed"],
    ['ALARM("b") OR ALARM("a)', "the quotation mark at character 21 is not closed"],
    ['ALARM("a\\")', "the quotation mark at character 7 is not closed"],
    ["AT_LEAST(x, OK, (a))", "expected a number or a percentage at character 10"],
    ["AT_LEAST(-1, OK, (a))", "expected a number or a percentage at character 10"],
    ["AT_LEAST(1%x, OK, (a))", "expected a number or a percentage at character 10"],
    ["AT_LEAST(1 OK, (a))", 'expected "," at character 12, got "OK"'],
    ["AT_LEAST(1, x, (a))", 'at character 13, got "x"'],
    ["AT_LEAST(1, OK (a))", 'expected "," at character 16, got "("'],
    ["AT_LEAST(1, OK, a)", 'expected "(" at character 17, got "a"'],
    ["AT_LEAST(1, OK, (a)", 'expected ")" at character 20, got the end'],
    ["AT_LEAST(1, OK, (a b))", 'expected ")" at character 20, got "b"'],
    ["AT_LEAST 1, OK, (a))", 'expected "(" at character 10, got "1"'],
  ])("rejects %s", (rule, message) => {
    expect(() => parseAlarmRule(rule)).toThrow(InvalidAlarmError);
    expect(() => parseAlarmRule(rule)).toThrow(message);
  });

  const anyRule = fc.letrec<{ rule: readonly [text: string, expected: boolean] }>((tie) => ({
    rule: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<readonly [string, boolean]>(["TRUE", true], ["ALARM(fine)", false], ["OK(fine)", true]),
      fc.tuple(tie("rule"), tie("rule")).map(([[a, x], [b, y]]) => [`(${a} AND ${b})`, x && y] as const),
      fc.tuple(tie("rule"), tie("rule")).map(([[a, x], [b, y]]) => [`(${a} OR ${b})`, x || y] as const),
      tie("rule").map(([a, x]) => [`NOT ${a}`, !x] as const),
    ),
  })).rule;

  it("evaluates any nesting of conditions", () => {
    fc.assert(fc.property(anyRule, ([rule, expected]) => expect(isTrue(rule)).toBe(expected)));
  });
});
