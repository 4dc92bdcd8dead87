import type { Caller } from "../../../packages/iam/caller";
import { contextOf } from "../../../packages/iam/context";
import type { Outcome, Policies } from "../../../packages/iam/evaluate";
import { unknown } from "../../../packages/iam/unknown";
import { account, otherAccount, outcomeOf, policyOf, roleArn, session, user } from "./requests";

const root: Caller = { type: "root", account };
const allow = policyOf();
const deny = policyOf({ Effect: "Deny" });
const elsewhere = policyOf({ Action: "sqs:*" });
const toUser = policyOf({ Principal: { AWS: `arn:aws:iam::${account}:user/ann` } });
const toRole = policyOf({ Principal: { AWS: roleArn } });
const toAccount = policyOf({ Principal: { AWS: account } });
const toAll = policyOf({ Principal: "*" });
const denyAll = policyOf({ Effect: "Deny", Principal: "*" });
const ifUnknown = { Condition: { StringEquals: { k: "a" } } };
const mayAllow = policyOf(ifUnknown);
const mayDeny = policyOf({ Effect: "Deny", ...ifUnknown });
const context = contextOf({ k: unknown("k") });

type Row = readonly [name: string, policies: Partial<Policies>, expected: Outcome];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
describe("within an account", () => {
  it.each<Row>([
    ["nothing allows", {}, "implicit-deny"],
    ["an identity policy allows", { identity: [allow] }, "allow"],
    ["one of several allows", { identity: [elsewhere, allow] }, "allow"],
    ["all are about something else", { identity: [elsewhere] }, "implicit-deny"],
    ["the resource policy names the user", { resource: [toUser] }, "allow"],
    ["the resource policy names everyone", { resource: [toAll] }, "allow"],
    ["the resource policy names somebody else", { resource: [toRole] }, "implicit-deny"],
    ["the resource policy leaves it to the account", { resource: [toAccount] }, "implicit-deny"],
    ["both allow", { identity: [allow], resource: [toAccount] }, "allow"],
    ["the identity policy denies", { identity: [allow, deny], resource: [toUser] }, "explicit-deny"],
    ["the resource policy denies", { identity: [allow], resource: [toUser, denyAll] }, "explicit-deny"],
    ["only a deny is there", { identity: [deny] }, "explicit-deny"],
    [
      "a deny is about something else",
      { identity: [allow, policyOf({ Effect: "Deny", Action: "sqs:*" })] },
      "allow",
    ],
    ["an allow depends on an unknown", { identity: [mayAllow] }, "unknown"],
    ["another allow does not", { identity: [mayAllow, allow] }, "allow"],
    ["a deny depends on an unknown", { identity: [allow, mayDeny] }, "unknown"],
    ["another deny does not", { identity: [allow, mayDeny, deny] }, "explicit-deny"],
    ["nothing allows, whatever is denied", { identity: [mayDeny] }, "implicit-deny"],
  ])("if %s", (_, policies, expected) => {
    expect(outcomeOf(policies, { context })).toBe(expected);
  });

  it("a grant to a role is one to its sessions", () => {
    expect(outcomeOf({ resource: [toRole] }, { caller: session })).toBe("allow");
    expect(outcomeOf({ resource: [toUser] }, { caller: session })).toBe("implicit-deny");
  });

  it("the root user may do everything that no resource policy denies", () => {
    expect(outcomeOf({}, { caller: root })).toBe("allow");
    expect(outcomeOf({ resource: [denyAll] }, { caller: root })).toBe("explicit-deny");
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html */
describe("across accounts", () => {
  it.each<Row>([
    ["only the identity policy allows", { identity: [allow] }, "implicit-deny"],
    ["only the resource policy allows", { resource: [toUser] }, "implicit-deny"],
    ["both allow", { identity: [allow], resource: [toUser] }, "allow"],
    ["the resource policy allows the account", { identity: [allow], resource: [toAccount] }, "allow"],
    ["the resource policy allows everyone", { identity: [allow], resource: [toAll] }, "allow"],
    ["the identity policy denies", { identity: [allow, deny], resource: [toUser] }, "explicit-deny"],
    ["the resource policy denies", { identity: [allow], resource: [toUser, denyAll] }, "explicit-deny"],
    ["the identity policy depends on an unknown", { identity: [mayAllow], resource: [toUser] }, "unknown"],
    ["neither can allow", { identity: [mayAllow], resource: [toRole] }, "implicit-deny"],
  ])("if %s", (_, policies, expected) => {
    expect(outcomeOf({ ...policies, resourceAccount: otherAccount }, { context })).toBe(expected);
  });

  it("the root user needs the resource's policy", () => {
    const outcome = (resource: NonNullable<Policies["resource"]>) =>
      outcomeOf({ resource, resourceAccount: otherAccount }, { caller: root });

    expect(outcome([])).toBe("implicit-deny");
    expect(outcome([toAccount])).toBe("allow");
  });

  it.each<Row>([
    ["both accounts would allow", { identity: [allow], resource: [toUser] }, "allow"],
    ["only the user's own would", { identity: [allow] }, "unknown"],
    ["neither would", { resource: [toAccount] }, "implicit-deny"],
  ])("if the owner is unknown and %s", (_, policies, expected) => {
    expect(outcomeOf({ ...policies, resourceAccount: unknown("owner") })).toBe(expected);
  });
});

describe("a caller outside of any account", () => {
  it.each<[Caller]>([
    [{ type: "service", name: "sns.amazonaws.com" }],
    [{ type: "federated", provider: "accounts.google.com" }],
    [{ type: "anonymous" }],
  ])("%j needs a grant of the resource only", (caller) => {
    expect(outcomeOf({ resource: [toAll] }, { caller })).toBe("allow");
    expect(outcomeOf({ identity: [allow], resource: [toAccount] }, { caller })).toBe("implicit-deny");
  });
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html */
describe("what is closed to its own account", () => {
  const key = "arn:aws:kms:eu-west-1:111122223333:key/1234";
  const closed: readonly (readonly [action: string, resource: string])[] = [
    ["kms:Decrypt", key],
    ["KMS:decrypt", key],
    ["sts:AssumeRole", roleArn],
    ["sts:AssumeRoleWithWebIdentity", roleArn],
    ["sts:TagSession", roleArn],
    ["sts:SetSourceIdentity", roleArn],
  ];

  it.each(closed)("%s on %s needs a grant of the key or role", (action, resource) => {
    const outcome = (policies: Partial<Policies>, caller = user) =>
      outcomeOf(policies, { action, resource, caller });

    expect(outcome({ identity: [allow] })).toBe("implicit-deny");
    expect(outcome({ identity: [allow], resource: [toAccount] })).toBe("allow");
    expect(outcome({ resource: [toAccount] })).toBe("implicit-deny");
    expect(outcome({ resource: [toUser] })).toBe("allow");
    expect(outcome({}, root)).toBe("implicit-deny");
    expect(outcome({ resource: [toAccount] }, root)).toBe("allow");
  });

  it.each([
    ["kms:CreateKey", "*"],
    ["sts:DecodeAuthorizationMessage", "*"],
    ["sts:GetFederationToken", `arn:aws:sts::${account}:federated-user/ann`],
    ["kmsx:Decrypt", key],
  ])("%s on %s is open", (action, resource) => {
    expect(outcomeOf({ identity: [allow] }, { action, resource })).toBe("allow");
  });

  it("is undecided for an unknown action, unless the policies of both allow it", () => {
    const action = `sts:${unknown("any")}`;

    expect(outcomeOf({ identity: [allow] }, { action, resource: roleArn })).toBe("unknown");
    expect(outcomeOf({ identity: [allow], resource: [toAccount] }, { action, resource: roleArn })).toBe(
      "allow",
    );
    expect(outcomeOf({ resource: [toAccount] }, { action, resource: roleArn })).toBe("implicit-deny");
  });
});

describe("what needs no permission", () => {
  it.each([["sts:GetCallerIdentity"], ["STS:getsessiontoken"]])("%s cannot be denied", (action) => {
    expect(outcomeOf({ identity: [deny] }, { action, resource: "*" })).toBe("allow");
  });
});
