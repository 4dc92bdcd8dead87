import type { Caller } from "../../../packages/iam/caller";
import { evaluate, type Outcome, type Policies } from "../../../packages/iam/evaluate";
import { parsePolicy } from "../../../packages/iam/policy";
import { unknown } from "../../../packages/iam/unknown";
import type { Grant } from "./policy-document";
import type { PolicySet } from "./policy-set";
import { anyOf, contextsOf } from "./request-contexts";

/** Whose role has the policies does not matter: they are compared with each other only. */
const account = "123456789012";
/** Owns what a resource policy is about. A caller of the same account might need no grant. */
const otherAccount = "210987654321";
const everything = parsePolicy(allowEverything());
/** Lets the account's own policies decide. */
const leftToIam = parsePolicy(allowEverything({ AWS: account }));

/**
 * What the policies say to every request that a grant is about: `allow` and `explicit-deny` hold for all of them. A
 * condition key that the grant says nothing of can have any value, or be absent.
 * @returns `unknown` if they do not decide all of the requests in the same way, or that cannot be found out
 */
export function evaluatedOutcome(grant: Grant, { type, policies }: PolicySet): Outcome {
  const caller = callerOf(grant.principal);
  const isInverted = [grant.action, grant.resource].some((text) => text.startsWith("all but "));
  if (!caller || !policies || isInverted) return "unknown";
  const given: Policies =
    type === "identity"
      ? // A key and a role are closed unless their own policy opens them, as these do.
        { identity: policies, resource: [leftToIam], resourceAccount: account }
      : { identity: [everything], resource: policies, resourceAccount: otherAccount };
  const request = { caller, action: anyOf(grant.action, "action"), resource: resourceOf(grant) };
  const contexts = contextsOf(grant.conditions, policies) ?? [undefined];
  let outcome: Outcome | undefined;
  for (const context of contexts) {
    const next = evaluate({ ...request, context }, given);
    if (outcome && next !== outcome) return "unknown";
    outcome = next;
  }
  return outcome ?? "unknown";
}

function allowEverything(principal?: object): object {
  return {
    Statement: {
      Effect: "Allow",
      ...(principal && { Principal: principal }),
      Action: "*",
      Resource: "*",
    },
  };
}

function callerOf(principal: string): Caller | undefined {
  const [, type = "", name = ""] = /^(\w+):(.*)$/.exec(principal) ?? [];
  if (principal === "") return session(account, `arn:aws:iam::${account}:role/holder`);
  if (principal === "AWS:*") return { type: "anonymous" };
  if (type === "Service") return { type: "service", name };
  if (type === "Federated") return { type: "federated", provider: name };
  const [, id, kind] = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::(root|user|role).*)?$/.exec(name) ?? [];
  if (type !== "AWS" || !id) return undefined;
  if (kind === "user") return { type: "user", arn: name };
  return kind === "role" ? session(id, name) : { type: "root", account: id };
}

function session(id: string, roleArn: string): Caller {
  const role = roleArn.split("/").at(-1);
  return {
    type: "role-session",
    arn: `arn:aws:sts::${id}:assumed-role/${role}/${unknown("session")}`,
    roleArn,
  };
}

/** The resource that a resource policy leaves out is its own. */
function resourceOf({ resource }: Grant): string {
  return resource === "" ? unknown("own") : anyOf(resource, "resource");
}
