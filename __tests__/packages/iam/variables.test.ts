import { contextOf } from "../../../packages/iam/context";
import { unknown } from "../../../packages/iam/unknown";
import { allows, holds, outcomeOf, policyOf } from "./requests";

const context = contextOf({
  "aws:username": "ann",
  "aws:PrincipalTag/team": "a*",
  "aws:PrincipalTag/Human Resources": "hr",
  "aws:TagKeys": ["x", "y"],
});
const isAllowed = (resource: string, name: string) =>
  allows({ Resource: `arn:aws:s3:::b/${resource}` }, { resource: `arn:aws:s3:::b/${name}`, context });

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
describe("a policy variable in Resource", () => {
  it.each<[string, string, boolean]>([
    ["${aws:username}/*", "ann/x", true],
    ["${aws:username}/*", "bob/x", false],
    ["${AWS:UserName}", "ann", true],
    ["${aws:username}-${aws:username}", "ann-ann", true],
    ["${ aws:username }", "ann", true],
    ["${aws:PrincipalTag/team}", "a*", true],
    ["${aws:PrincipalTag/team}", "ab", false],
    ["${aws:PrincipalTag/Human Resources}", "hr", true],
    ["${aws:PrincipalTag/gone}", "", false],
    ["${aws:PrincipalTag/gone}", "${aws:PrincipalTag/gone}", false],
    ["${aws:PrincipalTag/gone, 'none'}", "none", true],
    ["${aws:PrincipalTag/gone,'n?ne'}", "none", false],
    ["${aws:PrincipalTag/team, 'none'}", "none", false],
    ["${aws:PrincipalTag/team, 'none'}", "a*", true],
    ["${aws:PrincipalTag/gone, ''}x", "x", true],
    ["${aws:TagKeys}", "x", false],
    ["${*}", "*", true],
    ["${*}", "a", false],
    ["${?}", "?", true],
    ["${?}", "a", false],
    ["${$}", "$", true],
    ["${$}{aws:username}", "${aws:username}", true],
  ])("%s, asked of %s, is %s", (resource, name, expected) => {
    expect(isAllowed(resource, name)).toBe(expected);
  });

  it("is text in policies of the first version", () => {
    const old = policyOf({ Resource: "arn:aws:s3:::b/${aws:username}" }, "2008-10-17");
    const outcome = (name: string) =>
      outcomeOf({ identity: [old] }, { resource: `arn:aws:s3:::b/${name}`, context });

    expect(outcome("ann")).toBe("implicit-deny");
    expect(outcome("${aws:username}")).toBe("allow");
  });

  it.each<[string, string, boolean | undefined]>([
    ["${aws:username}", "ann", undefined],
    ["${aws:username, 'ann'}", "ann", undefined],
    ["${*}", "*", true],
    ["${*}", "a", false],
  ])("%s is as undecided as the request, of which nothing is known", (resource, name, expected) => {
    const about = { resource: `arn:aws:s3:::b/${name}`, context: undefined };

    expect(allows({ Resource: `arn:aws:s3:::b/${resource}` }, about)).toBe(expected);
  });

  it("stands for an unknown value", () => {
    const about = { resource: "arn:aws:s3:::b/x", context: contextOf({ k: unknown("any") }) };

    expect(allows({ Resource: "arn:aws:s3:::b/${k}" }, about)).toBeUndefined();
    expect(allows({ Resource: "arn:aws:s3:::c/${k}" }, about)).toBe(false);
    expect(allows({ NotResource: "arn:aws:s3:::b/${k}" }, about)).toBeUndefined();
  });
});

describe("a policy variable in Condition", () => {
  it.each<[string, string, string, boolean]>([
    ["StringEquals", "${aws:username}", "ann", true],
    ["StringEqualsIgnoreCase", "${aws:username}", "ANN", true],
    ["StringLike", "home/${aws:username}/*", "home/ann/x", true],
    ["StringLike", "home/${aws:username}/*", "home/bob/x", false],
    ["StringLike", "${aws:star}", "abc", false],
    ["StringNotLike", "${aws:username}", "ann", false],
    ["StringEquals", "${aws:gone}", "${aws:gone}", false],
    ["StringEquals", "${aws:gone, 'x'}", "x", true],
    ["ArnLike", "arn:aws:iam::1:user/${aws:username}", "arn:aws:iam::1:user/ann", true],
    ["Bool", "${aws:yes}", "true", false],
    ["NumericEquals", "${aws:ten}", "10", false],
  ])("%s %s, asked of %s, is %s", (operator, value, requested, expected) => {
    const others = { "aws:username": "ann", "aws:star": "*", "aws:yes": "true", "aws:ten": "10" };

    expect(holds(operator, value, requested, others)).toBe(expected);
  });
});
