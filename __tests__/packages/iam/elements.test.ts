import { parsePolicy } from "../../../packages/iam/policy";
import { PolicyError } from "../../../packages/iam/policy-error";
import { unknown } from "../../../packages/iam/unknown";
import { allows, outcomeOf, policyOf, user } from "./requests";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
describe("Action", () => {
  it.each<[string | readonly string[], string, boolean]>([
    ["s3:GetObject", "s3:GetObject", true],
    ["S3:getobject", "s3:GetObject", true],
    ["s3:GetObject", "S3:GETOBJECT", true],
    ["s3:Get*", "s3:GetObjectAcl", true],
    ["s3:*Object", "s3:GetObjectAcl", false],
    ["iam:*AccessKey*", "iam:CreateAccessKey", true],
    ["s3:Get?bject", "s3:GetObject", true],
    ["s3:GetObject?", "s3:GetObject", false],
    ["*", "s3:GetObject", true],
    ["s3:*", "sqs:SendMessage", false],
    [["sqs:*", "s3:*"], "s3:GetObject", true],
    [["sqs:*", "sns:*"], "s3:GetObject", false],
  ])("%j, asked of %s, is %s", (listed, action, expected) => {
    expect(allows({ Action: listed }, { action })).toBe(expected);
    expect(allows({ NotAction: listed }, { action })).toBe(!expected);
  });

  it.each<[string, string, boolean | undefined]>([
    ["s3:*", `s3:${unknown("any")}`, true],
    ["s3:Get*", `s3:${unknown("any")}`, undefined],
    ["sqs:*", `s3:${unknown("any")}`, false],
    [`s3:${unknown("Any")}`, `s3:${unknown("Any")}`, true],
    [`s3:${unknown("Any")}`, "s3:GetObject", undefined],
  ])("%s, asked of %s, is %s", (listed, action, expected) => {
    expect(allows({ Action: listed }, { action })).toBe(expected);
    expect(allows({ NotAction: listed }, { action })).toBe(expected === undefined ? undefined : !expected);
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
describe("Resource", () => {
  const table = "arn:aws:dynamodb:eu-west-1:111122223333:table/items";

  it.each<[string | readonly string[], string, boolean]>([
    [table, table, true],
    [table, `${table}/index/a`, false],
    [table.toUpperCase(), table, false],
    ["*", table, true],
    ["*", "*", true],
    [table, "*", false],
    ["arn:aws:dynamodb:*:*:table/items", table, true],
    ["arn:aws:dynamodb:eu-west-?:111122223333:table/ite?s", table, true],
    ["arn:aws:dynamodb:eu-west-1?:111122223333:table/items", table, false],
    ["arn:aws:dynamodb:eu-west-1:11112222333?:table/*", table, true],
    ["arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/1/2/test/3/object.jpg", true],
    ["arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/1/test/", true],
    ["arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/1-test/object.jpg", false],
    ["arn:aws:logs:*:*:log-group:a:*", "arn:aws:logs:e:1:log-group:a:log-stream:b", true],
    // A `*` at the end of a segment goes beyond it, and one within a segment does not.
    ["arn:aws:sns:e*:1:topic", "arn:aws:sns:eu:x:1:topic", true],
    ["arn:aws:sns:e*u:1:topic", "arn:aws:sns:e:u:1:topic", false],
    ["arn:aws:sns:e?1:topic", "arn:aws:sns:e:1:topic", false],
    ["arn:aws:sns:e:1:a*z", "arn:aws:sns:e:1:a:z", true],
    ["arn:aws:sns:e:1:a?z", "arn:aws:sns:e:1:a:z", true],
    // An incomplete ARN is completed.
    ["arn:aws:dynamodb:eu-west-1:111122223333", table, true],
    ["arn:aws:dynamodb", table, true],
    ["arn:aws:dynamo", table, false],
    ["arn:aws:dynamo*", table, true],
    ["arn:aws:dynamodb:eu-*:111122223333", table, true],
    [["arn:aws:s3:::a", table], table, true],
    [["arn:aws:s3:::a", "arn:aws:s3:::b"], table, false],
  ])("%j, asked of %s, is %s", (listed, resource, expected) => {
    expect(allows({ Resource: listed }, { resource })).toBe(expected);
    expect(allows({ NotResource: listed }, { resource })).toBe(!expected);
  });

  it.each<[string, string, boolean | undefined]>([
    ["arn:aws:s3:::*", `arn:aws:s3:::${unknown("any")}`, true],
    ["arn:aws:s3:::logs", `arn:aws:s3:::${unknown("any")}`, undefined],
    ["arn:aws:s3*", `arn:aws:s3${unknown("any")}`, true],
    ["arn:aws:s3:::logs", `arn:aws:sqs:::${unknown("any")}`, false],
    ["arn:aws:sns:?:1:t", `arn:aws:sns:${unknown("any")}:1:t`, undefined],
    [unknown("new"), unknown("new"), true],
    [unknown("new"), unknown("old"), undefined],
    [`${unknown("new")}/*`, `${unknown("new")}/a`, true],
    [`${unknown("new")}/*`, "arn:aws:s3:::logs", false],
  ])("%j, asked of %j, is %s", (listed, resource, expected) => {
    expect(allows({ Resource: listed }, { resource })).toBe(expected);
  });

  it("may be left out of a resource policy, where it is completed by nothing", () => {
    const outcome = (fields: object) =>
      outcomeOf({ resource: [policyOf({ Principal: "*", ...fields })] }, { caller: user });

    expect(outcome({ Resource: undefined })).toBe("allow");
    expect(allows({ Resource: "arn:aws:s3" })).toBe(true);
    expect(outcome({ Resource: "arn:aws:s3" })).toBe("implicit-deny");
    expect(outcome({ Resource: "arn:aws:s3:::logs/?" })).toBe("allow");
    expect(outcome({ Resource: "arn:aws:s3:::logs" })).toBe("implicit-deny");
  });

  it("is not there by itself in an identity policy", () => {
    expect(allows({ Resource: undefined })).toBe(false);
  });
});

describe("parsePolicy", () => {
  const statement = { Effect: "Allow", Action: "*", Resource: "*" };

  it("reads JSON text, one statement or a list, and takes the first version by default", () => {
    const parsed = parsePolicy(JSON.stringify({ Statement: statement }));

    expect(parsed).toEqual(parsePolicy({ Version: "2008-10-17", Statement: [statement] }));
    expect(parsed.statements).toHaveLength(1);
  });

  it.each<[string, unknown, string]>([
    ["text that is no JSON", "{", "policy: must be JSON"],
    ["a list", [], "policy: must be an object, got []"],
    ["no statement", {}, "statement 1: must be an object, got undefined"],
    ["null", { Statement: [statement, null] }, "statement 2: must be an object, got null"],
    [
      "a wrong version",
      { Version: "2012-10-18", Statement: statement },
      "policy: Version must be 2012-10-17 or 2008-10-17, got 2012-10-18",
    ],
    [
      "an effect in lower case",
      { Statement: { ...statement, Sid: "Read", Effect: "allow" } },
      "statement 1 (Read): Effect must be Allow or Deny, got allow",
    ],
    [
      "no action",
      { Statement: { Effect: "Allow", Resource: "*" } },
      "statement 1: must have Action or NotAction",
    ],
    [
      "both of two elements",
      { Statement: { ...statement, NotResource: "*" } },
      "statement 1: must not have both Resource and NotResource",
    ],
    [
      "an object for an action",
      { Statement: { ...statement, Action: [{}] } },
      "statement 1, Action: must hold texts, got {}",
    ],
    [
      "a text for a principal",
      { Statement: { ...statement, Principal: "ann" } },
      'statement 1, Principal: must be an object, got "ann"',
    ],
    [
      "an unknown operator",
      { Statement: { ...statement, Condition: { StringIs: { k: "a" } } } },
      "statement 1: IAM has no condition operator StringIs",
    ],
    [
      "a condition without keys",
      { Statement: { ...statement, Condition: { Bool: "k" } } },
      'statement 1, Bool: must be an object, got "k"',
    ],
    [
      "null for a value",
      { Statement: { ...statement, Condition: { Bool: { k: null } } } },
      "statement 1, Bool: must hold texts, got null",
    ],
  ])("rejects %s", (_, document, message) => {
    expect(() => parsePolicy(document)).toThrow(
      new PolicyError(...(message.split(/: (.*)/) as [string, string])),
    );
  });
});
