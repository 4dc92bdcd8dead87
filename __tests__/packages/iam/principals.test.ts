import type { Caller } from "../../../packages/iam/caller";
import { unknown } from "../../../packages/iam/unknown";
import { account, otherAccount, outcomeOf, policyOf, roleArn, session, user } from "./requests";

const root: Caller = { type: "root", account };
const service: Caller = { type: "service", name: "sns.amazonaws.com" };
const federated: Caller = { type: "federated", provider: "accounts.google.com" };
const anonymous: Caller = { type: "anonymous" };
const userArn = "arn" in user ? user.arn : "";
const sessionArn = "arn" in session ? session.arn : "";
const accountArn = `arn:aws:iam::${account}:root`;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
describe("Principal", () => {
  it.each<[string, unknown, Caller, "allow" | "implicit-deny" | "unknown"]>([
    ["everyone", "*", user, "allow"],
    ["everyone", "*", session, "allow"],
    ["everyone", "*", anonymous, "allow"],
    ["everyone", { AWS: "*" }, anonymous, "allow"],
    ["everyone", { AWS: "*" }, service, "allow"],
    ["a user", { AWS: userArn }, user, "allow"],
    ["a user, in a list", { AWS: [roleArn, userArn] }, user, "allow"],
    ["another user", { AWS: `${userArn}a` }, user, "implicit-deny"],
    ["a user in another case", { AWS: userArn.toUpperCase() }, user, "implicit-deny"],
    ["a part of a user", { AWS: `arn:aws:iam::${account}:user/*` }, user, "implicit-deny"],
    ["a role", { AWS: roleArn }, session, "allow"],
    ["a session", { AWS: sessionArn }, session, "allow"],
    ["another session", { AWS: sessionArn.replace("first", "second") }, session, "implicit-deny"],
    ["a role", { AWS: roleArn }, user, "implicit-deny"],
    ["the account, which leaves it to the user's policies", { AWS: account }, user, "implicit-deny"],
    ["the account, which leaves it to the role's policies", { AWS: accountArn }, session, "implicit-deny"],
    ["a user", { AWS: userArn }, anonymous, "implicit-deny"],
    ["a service", { Service: "sns.amazonaws.com" }, service, "allow"],
    ["another service", { Service: "sqs.amazonaws.com" }, service, "implicit-deny"],
    ["a service as if it were an account", { AWS: "sns.amazonaws.com" }, service, "implicit-deny"],
    ["an identity provider", { Federated: "accounts.google.com" }, federated, "allow"],
    ["another identity provider", { Federated: "www.amazon.com" }, federated, "implicit-deny"],
    ["an unknown", { AWS: unknown("new") }, user, "unknown"],
    ["an unknown user", { AWS: `arn:aws:iam::${account}:user/${unknown("new")}` }, session, "implicit-deny"],
    ["an unknown and the user", { AWS: [unknown("new"), userArn] }, user, "allow"],
  ])("%s %j, asked of %j, is %s", (_, principal, caller, expected) => {
    expect(outcomeOf({ resource: [policyOf({ Principal: principal })] }, { caller })).toBe(expected);
  });

  it("grants nothing if it is missing", () => {
    expect(outcomeOf({ resource: [policyOf()] })).toBe("implicit-deny");
  });

  it.each([[account], [accountArn], [accountArn.replace("arn:aws:", "arn:aws-us-gov:")]])(
    "%s denies everyone of the account, and only them",
    (name) => {
      const resource = [policyOf({ Effect: "Deny", Principal: { AWS: name } })];

      for (const caller of [user, session, root]) {
        expect(outcomeOf({ identity: [policyOf()], resource }, { caller })).toBe("explicit-deny");
      }
      for (const caller of [service, anonymous]) {
        const open = [...resource, policyOf({ Principal: "*" })];
        expect(outcomeOf({ resource: open }, { caller })).toBe("allow");
      }
    },
  );
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html */
describe("NotPrincipal", () => {
  it.each<[string, unknown, Caller, boolean | undefined]>([
    ["the user and the account", { AWS: [userArn, accountArn] }, user, false],
    ["the user and the account's id", { AWS: [userArn, account] }, user, false],
    ["the user only", { AWS: userArn }, user, true],
    ["the account only", { AWS: accountArn }, user, true],
    ["the account only", { AWS: accountArn }, root, false],
    ["the user of another account", { AWS: [userArn, `arn:aws:iam::${otherAccount}:root`] }, user, true],
    ["the session, the role and the account", { AWS: [sessionArn, roleArn, accountArn] }, session, false],
    ["the session and the account", { AWS: [sessionArn, accountArn] }, session, true],
    ["the role and the account", { AWS: [roleArn, accountArn] }, session, true],
    ["a service", { Service: "sns.amazonaws.com" }, service, false],
    ["another service", { Service: "sqs.amazonaws.com" }, service, true],
    ["a user", { AWS: [userArn, accountArn] }, anonymous, true],
    ["everyone", "*", anonymous, false],
    ["everyone", "*", user, false],
    ["the account and an unknown", { AWS: [unknown("new"), account] }, user, undefined],
    ["an unknown of another type", { Service: unknown("new") }, user, true],
  ])("denies all but %s %j: of %j, %s", (_, excepted, caller, isDenied) => {
    const resource = [policyOf({ Effect: "Deny", NotPrincipal: excepted }), policyOf({ Principal: "*" })];
    const expected = isDenied === undefined ? "unknown" : isDenied ? "explicit-deny" : "allow";

    expect(outcomeOf({ identity: [policyOf()], resource }, { caller })).toBe(expected);
  });

  it("allows all others, even anonymous ones", () => {
    const resource = [policyOf({ NotPrincipal: { AWS: [userArn, account] } })];

    expect(outcomeOf({ resource }, { caller: anonymous })).toBe("allow");
    expect(outcomeOf({ resource }, { caller: session })).toBe("allow");
    expect(outcomeOf({ resource }, { caller: user })).toBe("implicit-deny");
  });
});
