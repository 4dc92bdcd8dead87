import { parseOperator } from "../../../packages/iam/operators";
import { holds } from "./requests";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
describe("a condition operator", () => {
  it.each<[string, unknown, string, boolean]>([
    ["StringEquals", "a", "a", true],
    ["StringEquals", "a", "A", false],
    ["StringEquals", "a*", "ab", false],
    ["StringEquals", ["b", "a"], "a", true],
    ["StringEquals", ["b", "c"], "a", false],
    ["StringEquals", 10, "10", true],
    ["StringNotEquals", "a", "a", false],
    ["StringNotEquals", "a", "A", true],
    ["StringNotEquals", ["b", "a"], "a", false],
    ["StringNotEquals", ["b", "c"], "a", true],
    ["StringEqualsIgnoreCase", "aB", "Ab", true],
    ["StringEqualsIgnoreCase", "a", "b", false],
    ["StringEqualsIgnoreCase", "a*", "ab", false],
    ["StringNotEqualsIgnoreCase", "aB", "Ab", false],
    ["StringNotEqualsIgnoreCase", "a", "b", true],
    ["StringLike", "a*d", "a:b/cd", true],
    ["StringLike", "a*d", "ad", true],
    ["StringLike", "a?d", "abd", true],
    ["StringLike", "a?d", "ad", false],
    ["StringLike", "a?d", "abcd", false],
    ["StringLike", "A*", "ab", false],
    ["StringLike", "", "", true],
    ["StringLike", "", "a", false],
    ["StringNotLike", "a*", "ab", false],
    ["StringNotLike", "a*", "b", true],
    ["NumericEquals", "10", "10.0", true],
    ["NumericEquals", 10, "11", false],
    ["NumericNotEquals", 10, "11", true],
    ["NumericNotEquals", 10, "10", false],
    ["NumericLessThan", 10, "9", true],
    ["NumericLessThan", 10, "10", false],
    ["NumericLessThanEquals", 10, "10", true],
    ["NumericLessThanEquals", 10, "10.5", false],
    ["NumericGreaterThan", 10, "11", true],
    ["NumericGreaterThan", 10, "10", false],
    ["NumericGreaterThan", 9, "10", true],
    ["NumericGreaterThanEquals", 10, "10", true],
    ["NumericGreaterThanEquals", 10, "-11", false],
    ["NumericEquals", "", "0", false],
    ["NumericLessThan", "0x10", "1", false],
    ["DateEquals", "2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", true],
    ["DateEquals", "2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z", false],
    ["DateEquals", "2020-01-01T00:00:00Z", "1577836800", true],
    ["DateEquals", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00", true],
    ["DateEquals", "2020-01-01T00:00Z", "2020-01-01", true],
    ["DateEquals", "2020", "2020-01", true],
    ["DateEquals", "January 1, 2020", "January 1, 2020", false],
    ["DateEquals", "2020-01-01 00:00:00", "2020-01-01 00:00:00", false],
    ["DateNotEquals", "2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z", true],
    ["DateNotEquals", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", false],
    ["DateLessThan", "2020-01-01T00:00:00Z", "2019-12-31T23:59:59Z", true],
    ["DateLessThan", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", false],
    ["DateLessThanEquals", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", true],
    ["DateLessThanEquals", "2020-01-01T00:00:00Z", "2020-01-01T00:00:01Z", false],
    ["DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:02Z", true],
    ["DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z", false],
    ["DateGreaterThanEquals", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z", true],
    ["DateGreaterThanEquals", "2020-01-01T00:00:01Z", "2020-01-01T00:00:00Z", false],
    ["Bool", "true", "true", true],
    ["Bool", true, "True", true],
    ["Bool", false, "true", false],
    ["Bool", "false", "false", true],
    ["BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", true],
    ["BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA", true],
    ["BinaryEquals", "QmluYXJ5", "qmluYXJ5", false],
    ["IpAddress", "203.0.113.0/24", "203.0.113.255", true],
    ["IpAddress", "203.0.113.0/24", "203.0.114.0", false],
    ["IpAddress", "203.0.113.77/24", "203.0.113.1", true],
    ["IpAddress", "203.0.113.1", "203.0.113.1", true],
    ["IpAddress", "203.0.113.1", "203.0.113.2", false],
    ["IpAddress", "0.0.0.0/0", "203.0.113.1", true],
    ["IpAddress", "0.0.0.0/0", "2001:db8::1", false],
    ["IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1", true],
    ["IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", false],
    ["IpAddress", "2001:db8::1", "2001:db8:0::1", true],
    ["IpAddress", "2001:db8::1", "2001:db8::2", false],
    ["IpAddress", "203.0.113.0/", "198.51.100.1", false],
    ["IpAddress", "203.0.113.0/33", "203.0.113.0", false],
    ["IpAddress", "203.0.113.0/24/8", "203.0.113.0", false],
    ["IpAddress", "203.0.113.*", "203.0.113.0", false],
    ["NotIpAddress", "203.0.113.0/24", "203.0.113.5", false],
    ["NotIpAddress", "203.0.113.0/24", "198.51.100.1", true],
  ])("%s %j, asked of %j, is %s", (operator, values, requested, expected) => {
    expect(holds(operator, values, requested)).toBe(expected);
  });

  it.each<[string, string, string, boolean]>([
    [
      "of the example",
      "arn:aws:some:*:111122223333:finance/*",
      "arn:aws:some:us-east-2:111122223333:finance/a",
      true,
    ],
    [
      "whose segment would take several",
      "arn:aws:some:*:111122223333:finance/*",
      "arn:aws:some:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
      false,
    ],
    ["with a colon in the resource", "arn:aws:logs:*:*:log-group:*", "arn:aws:logs:e:1:log-group:a:b", true],
    ["with a question mark for a colon", "arn:aws:sns:e?1:t", "arn:aws:sns:e:1:t", false],
    ["with a question mark for a character", "arn:aws:sns:e?:1:t", "arn:aws:sns:e1:1:t", true],
    ["with a question mark for a colon of the resource", "arn:aws:sns:e:1:t?u", "arn:aws:sns:e:1:t:u", true],
    ["in another case", "arn:aws:sns:e:1:Topic", "arn:aws:sns:e:1:topic", false],
    ["with an empty segment", "arn:aws:s3:*:*:logs", "arn:aws:s3:::logs", true],
    ["with fewer segments", "arn:aws:sns:e:1", "arn:aws:sns:e:1:t", false],
  ])("compares an ARN %s", (_, pattern, arn, expected) => {
    for (const name of ["ArnLike", "ArnEquals"]) expect(holds(name, pattern, arn)).toBe(expected);
    for (const name of ["ArnNotLike", "ArnNotEquals"]) expect(holds(name, pattern, arn)).toBe(!expected);
  });

  it("finds with StringLike what ArnLike compares segment by segment", () => {
    const pattern = "arn:aws:some:*:111122223333:finance/*";
    const arn = "arn:aws:some:us-east-2:999999999999:store/abc:111122223333:finance/document.txt";

    expect(holds("StringLike", pattern, arn)).toBe(true);
  });

  it.each([
    ...["constructor", "toString", "__proto__", "hasOwnProperty", ""],
    ...[
      "NotStringEquals",
      "IpNotAddress",
      "StringNot",
      "StringNotNotEquals",
      "NotBool",
      "BoolNot",
      "BinaryNotEquals",
    ],
    ...[
      "NumericNotLessThan",
      "DateNotGreaterThan",
      "ArnNotLikes",
      "NotNull",
      "stringEquals",
      "StringStartsWith",
    ],
    ...[
      "NullIfExists",
      "IfExists",
      "StringEqualsIfExistsIfExists",
      "IfExistsStringEquals",
      "NotNumericEquals",
    ],
    ...[
      "ForAnyValues:StringEquals",
      "ForAllValues:",
      "ForAnyValue:ForAllValues:StringEquals",
      "StringEquals ",
    ],
  ])("%j is none of IAM's", (name) => {
    expect(parseOperator(name)).toBeUndefined();
  });
});
