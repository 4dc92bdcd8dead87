import { contextOf } from "../../../packages/iam/context";
import { unknown } from "../../../packages/iam/unknown";
import { allows, holds } from "./requests";

const positive = [
  "StringEquals",
  "StringLike",
  "ArnLike",
  "NumericLessThan",
  "DateLessThan",
  "Bool",
  "IpAddress",
];
const negated = [
  "StringNotEquals",
  "StringNotLike",
  "ArnNotLike",
  "NumericNotEquals",
  "DateNotEquals",
  "NotIpAddress",
];

describe("a condition whose key the request does not have", () => {
  it.each(positive.map((name) => [name]))("does not hold with %s", (name) => {
    expect(holds(name, "1", undefined)).toBe(false);
    expect(holds(`${name}IfExists`, "1", undefined)).toBe(true);
    expect(holds(`ForAllValues:${name}`, "1", undefined)).toBe(true);
    expect(holds(`ForAnyValue:${name}`, "1", undefined)).toBe(false);
  });

  it.each(negated.map((name) => [name]))("holds with %s", (name) => {
    expect(holds(name, "1", undefined)).toBe(true);
    expect(holds(`${name}IfExists`, "1", undefined)).toBe(true);
    expect(holds(`ForAllValues:${name}`, "1", undefined)).toBe(true);
    expect(holds(`ForAnyValue:${name}`, "1", undefined)).toBe(false);
  });

  it("counts a list without values as no key", () => {
    expect(holds("ForAllValues:StringEquals", "a", [])).toBe(true);
    expect(holds("ForAnyValue:StringEquals", "a", [])).toBe(false);
    expect(holds("Null", "true", [])).toBe(true);
  });
});

describe("IfExists", () => {
  it("compares the value if there is one", () => {
    expect(holds("StringLikeIfExists", ["t1.*", "m3.*"], "m3.large")).toBe(true);
    expect(holds("StringLikeIfExists", ["t1.*", "m3.*"], "c5.large")).toBe(false);
    expect(holds("StringNotEqualsIfExists", "a", "a")).toBe(false);
  });
});

describe("Null", () => {
  it.each<[unknown, string | undefined, boolean]>([
    ["true", undefined, true],
    ["true", "a", false],
    ["false", undefined, false],
    ["false", "a", true],
    [true, undefined, true],
    ["True", "a", false],
  ])("%j, asked of %j, is %s", (value, requested, expected) => {
    expect(holds("Null", value, requested)).toBe(expected);
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html */
describe("a set operator", () => {
  it.each<[string, readonly string[], readonly string[], boolean]>([
    ["ForAllValues:StringEquals", ["a", "b"], ["a"], true],
    ["ForAllValues:StringEquals", ["a", "b"], ["b", "a"], true],
    ["ForAllValues:StringEquals", ["a", "b"], ["a", "c"], false],
    ["ForAnyValue:StringEquals", ["a", "b"], ["a", "c"], true],
    ["ForAnyValue:StringEquals", ["a", "b"], ["c", "d"], false],
    ["ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"], true],
    ["ForAllValues:StringNotEquals", ["a", "b"], ["a", "c"], false],
    ["ForAnyValue:StringNotEquals", ["a", "b"], ["a", "c"], true],
    ["ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], false],
    ["ForAllValues:StringLike", ["Created*"], ["CreatedBy", "CreatedAt"], true],
    ["ForAllValues:StringLikeIfExists", ["Created*"], ["CreatedBy", "Owner"], false],
    ["StringNotEquals", ["a", "b"], ["c", "a"], false],
    ["StringEquals", ["a", "b"], ["c", "a"], true],
  ])("%s %j, asked of %j, is %s", (operator, values, requested, expected) => {
    expect(holds(operator, values, requested)).toBe(expected);
  });
});

describe("the Condition element", () => {
  it.each<[string, object, boolean]>([
    ["all of its operators", { StringEquals: { a: "1" }, StringLike: { b: "x" } }, false],
    ["all keys of an operator", { StringEquals: { a: "1", b: "x" } }, false],
    ["all of them, which do", { StringEquals: { a: "1" }, StringLike: { b: "2" } }, true],
    ["keys in another case", { StringEquals: { A: "1" } }, true],
    ["nothing", {}, true],
  ])("asks for %s", (_, condition, expected) => {
    expect(allows({ Condition: condition }, { context: contextOf({ a: "1", B: "2" }) })).toBe(expected);
  });
});

describe("a condition about an unknown", () => {
  const any = unknown("any");

  it.each<[string, unknown, string, boolean | undefined]>([
    ["StringEquals", "a", any, undefined],
    ["StringEquals", any, any, true],
    ["StringEquals", unknown("other"), any, undefined],
    ["StringEquals", ["a", any], "a", true],
    ["StringEquals", `x${any}`, "y", false],
    ["StringNotEquals", "a", any, undefined],
    ["StringNotEquals", any, any, false],
    ["StringNotEquals", `x${any}`, "y", true],
    ["StringLike", "*", any, true],
    ["StringLike", "?", any, undefined],
    ["StringLike", "a*", `a${any}`, true],
    ["StringLike", "a*", `b${any}`, false],
    ["StringLike", `a*${any}`, "a", undefined],
    ["StringEqualsIgnoreCase", unknown("Any"), any, undefined],
    ["StringEqualsIgnoreCase", unknown("Any"), unknown("Any"), true],
    ["ArnLike", "arn:aws:sns:*:1:t", `arn:aws:sns:${any}:1:t`, undefined],
    ["ArnLike", "arn:aws:sns:*:1:t", `arn:aws:sqs:${any}:1:t`, false],
    ["ArnLike", "arn:aws:sns:e:1:*", `arn:aws:sns:e:1:${any}`, true],
    ["NumericEquals", any, any, undefined],
    ["NumericNotEquals", 1, any, undefined],
    ["DateLessThan", "2020", any, undefined],
    ["Bool", any, "true", undefined],
    ["BinaryEquals", "YQ==", any, undefined],
    ["IpAddress", "0.0.0.0/0", any, undefined],
    ["Null", any, "a", undefined],
    ["Null", "false", any, true],
  ])("%s %j, asked of %j, is %s", (operator, values, requested, expected) => {
    expect(holds(operator, values, requested)).toBe(expected);
  });

  it("is undecided if nothing is known of the request, whatever it asks", () => {
    for (const name of ["StringLike", "StringNotEqualsIfExists", "Null", "ForAllValues:StringEquals"]) {
      expect(allows({ Condition: { [name]: { k: "*" } } }, { context: undefined })).toBeUndefined();
    }
  });

  it("is not asked of an action that the statement does not cover", () => {
    expect(allows({ Action: "sqs:*", Condition: { Null: { k: "true" } } }, { context: undefined })).toBe(
      false,
    );
  });
});
