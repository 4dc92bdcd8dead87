import fc from "fast-check";
import { contextOf } from "../../../packages/iam/context";
import { actionCovers, resourceCovers } from "../../../packages/iam/coverage";
import { unknown } from "../../../packages/iam/unknown";
import { account, allows, otherAccount, outcomeOf, policyOf, roleArn, session, user } from "./requests";

const service = fc.constantFrom("s3", "sqs", "kms");
const action = fc
  .tuple(service, fc.stringMatching(/^[ab*?]{1,4}$/))
  .map(([name, pattern]) => `${name}:${pattern}`);
const actionPattern = fc.oneof(action, fc.constant("*"));
const concreteAction = fc.tuple(service, fc.stringMatching(/^[abAB]{1,4}$/)).map((parts) => parts.join(":"));
const segment = fc.stringMatching(/^[a*?]{0,2}$/);
const arn = fc
  .tuple(segment, segment, fc.stringMatching(/^[a*?:]{0,3}$/))
  .map(([region, owner, name]) => `arn:aws:sns:${region}:${owner}:${name}`);
const concreteArn = arn.map((text) => text.replace(/[*?]/g, "a"));
const arnPattern = fc.oneof(arn, fc.constantFrom("*", "arn:aws:sns", "arn:aws:sns:a", "arn:*"));

const condition = fc.constantFrom(
  {},
  { Condition: { StringEquals: { k: "a" } } },
  { Condition: { StringNotLike: { k: "b*" } } },
  { Condition: { Null: { k: "true" } } },
);
const principal = fc.constantFrom<object>(
  { Principal: "*" },
  { Principal: { AWS: account } },
  { Principal: { AWS: roleArn } },
  { NotPrincipal: { AWS: [roleArn, account] } },
);
const statement = (effect: fc.Arbitrary<string>) =>
  fc
    .tuple(effect, fc.constantFrom("Action", "NotAction"), actionPattern, condition)
    .map(([Effect, element, pattern, rest]) => ({ Effect, [element]: pattern, ...rest }));
const anyEffect = fc.constantFrom("Allow", "Deny");
const identity = statement(anyEffect).map((fields) => policyOf(fields));
const resource = fc
  .tuple(statement(anyEffect), principal)
  .map(([fields, to]) => policyOf({ ...fields, ...to }));
const policies = fc.record({
  identity: fc.array(identity, { maxLength: 3 }),
  resource: fc.array(resource, { maxLength: 3 }),
  resourceAccount: fc.constantFrom(account, otherAccount),
});
const values = fc.constantFrom<readonly (string | undefined)[]>(["a"], ["b"], ["c"], [undefined]);
const request = fc
  .tuple(fc.constantFrom(user, session), concreteAction, values)
  .map(([caller, name, [k]]) => ({ caller, action: name, context: contextOf({ k }) }));
const rank = { "explicit-deny": 0, "implicit-deny": 0, unknown: 1, allow: 2 };

describe("for any policies and requests", () => {
  it("one more Deny never lets more through, and one more Allow never less", () => {
    fc.assert(
      fc.property(
        policies,
        request,
        statement(anyEffect),
        principal,
        fc.boolean(),
        (given, about, fields, to, own) => {
          const added = policyOf(own ? fields : { ...fields, ...to });
          const type = own ? "identity" : "resource";
          const now = rank[outcomeOf({ ...given, [type]: [...given[type], added] }, about)];
          const before = rank[outcomeOf(given, about)];

          return fields.Effect === "Deny" ? now <= before : now >= before;
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("the order of policies does not matter", () => {
    fc.assert(
      fc.property(policies, request, (given, about) => {
        const turned = {
          ...given,
          identity: [...given.identity].reverse(),
          resource: [...given.resource].reverse(),
        };

        return outcomeOf(turned, about) === outcomeOf(given, about);
      }),
    );
  });

  it("what is decided with unknowns is decided in the same way with any values in their place", () => {
    const letters = fc.stringMatching(/^[abAB:*]{0,3}$/);
    fc.assert(
      fc.property(policies, request, letters, letters, (given, about, name, value) => {
        const action = (end: string) => `${about.action}${end}`;
        const outcome = outcomeOf(given, {
          ...about,
          action: action(unknown("action")),
          context: contextOf({ k: unknown("k") }),
        });
        const actual = outcomeOf(given, { ...about, action: action(name), context: contextOf({ k: value }) });
        const withoutContext = outcomeOf(given, { ...about, context: undefined });

        return (
          (outcome === "unknown" || rank[outcome] === rank[actual]) &&
          (withoutContext === "unknown" || rank[withoutContext] === rank[outcomeOf(given, about)])
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

describe.each([
  ["actionCovers", actionCovers, actionPattern, concreteAction, "Action", "action"],
  ["resourceCovers", resourceCovers, arnPattern, concreteArn, "Resource", "resource"],
] as const)("%s", (_, covers, pattern, concrete, element, field) => {
  it("says of a concrete one what matching says", () => {
    const fixed = element === "Resource" ? { action: "sns:a" } : { resource: "*" };
    fc.assert(
      fc.property(pattern, concrete, (wide, one) => {
        return covers(wide, one) === allows({ [element]: wide }, { ...fixed, [field]: one });
      }),
      { numRuns: 2_000 },
    );
  });

  it("holds for a pattern and itself, and for a chain of patterns", () => {
    fc.assert(
      fc.property(pattern, pattern, pattern, (a, b, c) => {
        return covers(a, a) === true && !(covers(a, b) && covers(b, c) && !covers(a, c));
      }),
      { numRuns: 5_000 },
    );
  });

  it("never holds if the narrow one matches what the wide one does not", () => {
    const matching = (wide: string, one: string) => covers(wide, one) === true;
    fc.assert(
      fc.property(pattern, pattern, concrete, (wide, narrow, one) => {
        return !(covers(wide, narrow) && matching(narrow, one) && !matching(wide, one));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("coverage", () => {
  it.each<[string, string, boolean | undefined]>([
    ["s3:*", "s3:Get*", true],
    ["s3:Get*", "s3:*", false],
    ["s3:get*", "S3:GetObject*", true],
    ["s3:*", "*", false],
    ["s3:?*", "s3:*?", true],
    ["s3:??*", "s3:?*", false],
    ["s3:*a*", "s3:*ab*", true],
    ["s3:*ab*", "s3:*a*b*", false],
    [`s3:${unknown("a")}`, "s3:Get", undefined],
    ["s3:Get", `s3:${unknown("a")}`, undefined],
    ["s3:*", `s3:${unknown("a")}`, true],
    ["sqs:*", `s3:${unknown("a")}`, false],
    [`sqs:${unknown("a")}`, "s3:*", false],
    [`s3:${unknown("a")}`, `s3:${unknown("a")}`, true],
    [`s3:${unknown("a")}`, `s3:${unknown("b")}`, undefined],
  ])("of actions: %j and %j, %s", (wide, narrow, expected) => {
    expect(actionCovers(wide, narrow)).toBe(expected);
  });

  it.each<[string, string, boolean | undefined]>([
    ["arn:aws:s3:::*", "arn:aws:s3:::logs/*", true],
    ["*", "arn:aws:s3:::*", true],
    ["arn:aws:s3:::*", "*", false],
    ["arn:aws:sns:*:1:t", "arn:aws:sns:eu-*-1:1:t", true],
    ["arn:aws:sns:e*-1:1:t", "arn:aws:sns:e*:1:t", false],
    ["arn:aws:sns", "arn:aws:sns:*:1:t", true],
    ["a", "?", false],
    ["arn:aws:s3:::LOGS", "arn:aws:s3:::logs", false],
    [`${unknown("bucket")}/*`, `${unknown("bucket")}/a/*`, true],
    [`${unknown("bucket")}/a`, `${unknown("other")}/a`, undefined],
    [`${unknown("bucket")}/a`, `${unknown("other")}/b`, false],
  ])("of resources: %j and %j, %s", (wide, narrow, expected) => {
    expect(resourceCovers(wide, narrow)).toBe(expected);
  });

  it("is left open for patterns with very many combinations", () => {
    const pattern = `s3:*a${"?".repeat(18)}`;

    expect(actionCovers(pattern, pattern)).toBeUndefined();
  });
});
