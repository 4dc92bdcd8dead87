import { judgePolicies } from "../../../scripts/plan-guard/access/judge-policy";
import type { Verdict } from "../../../scripts/plan-guard/rules/attribute-rule";

const table = "arn:aws:dynamodb:eu-west-1:123456789012:table/items";
const read = { Effect: "Allow", Action: "dynamodb:GetItem", Resource: table };
const write = { ...read, Action: "dynamodb:PutItem" };
const publish = { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sns:Publish" };
const topic = { ...publish, Resource: "arn:aws:sns:eu-west-1:123456789012:alarms" };
const ofAccount = (value: string, operator = "StringEquals") => ({
  Condition: { [operator]: { "aws:SourceAccount": value } },
});
const policy = (...statements: readonly object[]) => ({ Version: "2012-10-17", Statement: statements });

function judged(
  kind: Parameters<typeof judgePolicies>[1],
  before: readonly object[],
  after: readonly object[],
  others: Partial<Readonly<Record<"before" | "after", readonly object[]>>> = {},
): readonly Verdict[] {
  const documents = (statements: readonly object[] = []) =>
    statements.length > 0 ? [policy(...statements)] : [];
  const change = { before: policy(...before), after: policy(...after), unknown: false, isNew: false };
  return judgePolicies(
    { ...change, others: { before: documents(others.before), after: documents(others.after) } },
    kind,
    "it",
  );
}

describe("a policy that allows the same in another way is no change", () => {
  it.each<[string, Parameters<typeof judged>]>([
    [
      "a list in two statements",
      ["identity", [{ ...read, Action: [read.Action, write.Action] }], [read, write]],
    ],
    [
      "a pattern in place of all actions that it matches",
      ["identity", [{ ...read, Action: ["sqs:SendMessage"] }], [{ ...read, Action: "sqs:SendMess*e" }]],
    ],
    [
      "a statement moved to another policy of the role",
      ["identity", [read, write], [read], { after: [write] }],
    ],
    ["a statement taken over from another policy", ["identity", [read], [read, write], { before: [write] }]],
    [
      "more that the same policy denies",
      ["identity", [read, { ...write, Effect: "Deny" }], [read, write, { ...write, Effect: "Deny" }]],
    ],
    [
      "more that another policy of the role denies",
      [
        "identity",
        [read],
        [read, write],
        { before: [{ ...write, Effect: "Deny" }], after: [{ ...write, Effect: "Deny", Resource: "*" }] },
      ],
    ],
    [
      "a key's action",
      [
        "identity",
        [{ ...read, Action: "kms:Decrypt", Resource: "*" }],
        [{ ...read, Action: ["kms:Decrypt", "kms:Decr*"], Resource: "*" }],
      ],
    ],
    [
      "an account that a pattern let in already",
      [
        "resource",
        [{ ...topic, ...ofAccount("1*", "StringLike") }],
        [
          { ...topic, ...ofAccount("1*", "StringLike") },
          { ...topic, ...ofAccount("123456789012") },
        ],
      ],
    ],
    [
      "the same in two statements, one for requests with a key and one for those without",
      [
        "resource",
        [
          { ...topic, Condition: { Null: { "aws:SourceAccount": "true" } } },
          { ...topic, ...ofAccount("*", "StringLike") },
        ],
        [topic],
      ],
    ],
    [
      "a condition that a request without the key fulfils in both ways",
      [
        "resource",
        [
          { ...topic, Condition: { Null: { "aws:SourceAccount": "true" } } },
          { ...topic, ...ofAccount("1") },
        ],
        [{ ...topic, ...ofAccount("1", "StringEqualsIfExists") }],
      ],
    ],
    [
      "accounts in two statements",
      [
        "resource",
        [
          { ...topic, ...ofAccount("1") },
          { ...topic, ...ofAccount("2") },
        ],
        [{ ...topic, Condition: { StringEquals: { "aws:SourceAccount": ["1", "2"] } } }],
      ],
    ],
    [
      "a role whose account has access",
      [
        "resource",
        [{ ...topic, Principal: { AWS: "arn:aws:iam::222222222222:root" } }],
        [
          { ...topic, Principal: { AWS: "222222222222" } },
          { ...topic, Principal: { AWS: "arn:aws:iam::222222222222:role/a" } },
        ],
      ],
    ],
  ])("%s", (_, [kind, before, after, others]) => {
    expect(judged(kind, before, after, others)).toEqual([{ kind: "harmless", reason: "shape" }]);
  });
});

describe("a policy that allows something else is told or refused", () => {
  it.each<[string, Parameters<typeof judged>, Verdict["kind"], RegExp]>([
    [
      "one action more",
      ["identity", [read], [read, write]],
      "access",
      /^it may now also dynamodb:PutItem on/,
    ],
    [
      "the actions that a pattern adds",
      ["identity", [read], [{ ...read, Action: "dynamodb:Get*" }]],
      "access",
      /^it may now also dynamodb:GetAbacStatus, dynamodb:GetRecords, [^*]*$/,
    ],
    [
      "a Deny that is lost",
      ["identity", [read, { ...write, Effect: "Deny" }], [read]],
      "loss",
      /is no longer denied dynamodb:PutItem/,
    ],
    [
      "what a Deny under a condition does not take back",
      [
        "identity",
        [read],
        [read, write, { ...write, Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }],
      ],
      "access",
      /may now also dynamodb:PutItem/,
    ],
    [
      "another account",
      [
        "resource",
        [{ ...topic, ...ofAccount("1") }],
        [{ ...topic, Condition: { StringEquals: { "aws:SourceAccount": ["1", "2"] } } }],
      ],
      "loss",
      /may now be used by events.amazonaws.com \(sns:Publish\) if aws:sourceaccount is 1 or 2/,
    ],
    [
      "no condition where there was a negated one",
      ["resource", [{ ...topic, ...ofAccount("1", "StringNotEquals") }], [topic]],
      "loss",
      /may now be used by events/,
    ],
    [
      "no condition where a key had to be there",
      ["resource", [{ ...topic, Condition: { Null: { "aws:SourceAccount": "false" } } }], [topic]],
      "loss",
      /may now be used by events/,
    ],
    ...(
      [
        ["a pattern that any value matches", ofAccount("*", "StringLike")],
        ["a pattern for any of several values", ofAccount("*", "ForAnyValue:StringLike")],
        ["the absence of the key", { Condition: { Null: { "aws:SourceAccount": "true" } } }],
        [
          "two keys, each with a pattern that any value matches",
          { Condition: { StringLike: { "aws:SourceAccount": "*", "aws:SourceArn": "*" } } },
        ],
      ] as const
    ).map(([name, condition]): [string, Parameters<typeof judged>, Verdict["kind"], RegExp] => [
      `no condition where there was ${name}`,
      ["resource", [{ ...topic, ...condition }], [topic]],
      "loss",
      /may now be used by events/,
    ]),
    [
      "IfExists where the key had to be there",
      [
        "resource",
        [{ ...topic, ...ofAccount("1") }],
        [{ ...topic, ...ofAccount("1", "StringEqualsIfExists") }],
      ],
      "loss",
      /may now be used by events/,
    ],
    [
      "a resource that a variable stands for, or its default",
      [
        "identity",
        [{ ...read, Resource: `${table}-\${aws:PrincipalTag/team, 'a'}` }],
        [{ ...read, Resource: `${table}-a` }],
      ],
      "access",
      /may now also dynamodb:GetItem/,
    ],
    [
      "any resource where a tag's value named it",
      [
        "identity",
        [
          {
            ...read,
            Resource: `${table}-\${aws:PrincipalTag/team}`,
            Condition: { StringLike: { "aws:PrincipalTag/team": "*" } },
          },
        ],
        [
          {
            ...read,
            Resource: `${table}-*`,
            Condition: { StringLike: { "aws:PrincipalTag/team": "*" } },
          },
        ],
      ],
      "access",
      /may now also dynamodb:GetItem/,
    ],
    [
      "an action that no other policy allows",
      ["identity", [read, write], [read]],
      "loss",
      /may no longer dynamodb:PutItem/,
    ],
    [
      "an action on one of two tables",
      ["identity", [read, { ...read, Resource: `${table}-2` }], [read]],
      "loss",
      /may no longer dynamodb:GetItem on \S+items-2/,
    ],
    [
      "an action that another policy allows on less",
      ["identity", [{ ...read, Resource: "*" }], [write], { before: [write], after: [read] }],
      "access",
      /may no longer dynamodb:GetItem on \*/,
    ],
  ])("%s", (_, [kind, before, after, others], verdict, text) => {
    expect(judged(kind, before, after, others)).toContainEqual(
      expect.objectContaining({ kind: verdict, text: expect.stringMatching(text) }),
    );
  });
});
