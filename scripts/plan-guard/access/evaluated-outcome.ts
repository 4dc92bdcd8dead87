import type { Caller } from "../../../packages/iam/caller";
import { type Context, contextOf } from "../../../packages/iam/context";
import { evaluate, type Outcome, type Policies } from "../../../packages/iam/evaluate";
import { parsePolicy } from "../../../packages/iam/policy";
import { unknown } from "../../../packages/iam/unknown";
import type { Condition, Grant } from "./policy-document";
import type { PolicySet } from "./policy-set";

/** Whose role has the policies does not matter: they are compared with each other only. */
const account = "123456789012";
/** Owns what a resource policy is about. A caller of the same account might need no grant. */
const otherAccount = "210987654321";
/** More combinations of values are not tried one by one. */
const mostContexts = 32;

const everything = parsePolicy(allowEverything());
/** Lets the account's own policies decide. */
const leftToIam = parsePolicy(allowEverything({ AWS: account }));

/**
 * What the policies say to every request that a grant is about: `allow` and `explicit-deny` hold for all of them. A
 * condition key that the grant says nothing of can have any value.
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
  const request = { caller, action: anyOf(grant.action), resource: anyOf(grant.resource) };
  const mentioned = policies.flatMap(({ statements }) => statements.flatMap(({ conditions }) => conditions));
  // Whether a key is there at all is all that Null asks, and nothing is known of that.
  const asksForPresence = mentioned.some(({ operator }) => !operator.compare);
  const contexts = asksForPresence
    ? [undefined]
    : contextsOf(
        grant.conditions,
        mentioned.map(({ key }) => key),
      );
  const outcomes = new Set(contexts.map((context) => evaluate({ ...request, context }, given)));
  const [outcome = "unknown", other] = outcomes;
  return other ? "unknown" : outcome;
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

/** Whatever the wildcards of a pattern stand for. The resource that a resource policy leaves out is its own. */
function anyOf(pattern: string): string {
  let count = 0;
  return pattern === ""
    ? unknown("own")
    : pattern.replace(/[*?]|\$\{[^}]*\}/g, () => unknown(`any${count++}`));
}

/** The contexts that fulfil a grant's conditions. A key that is not bound to values can have any. */
function contextsOf(conditions: readonly Condition[], mentioned: readonly string[]): readonly Context[] {
  const free = Object.fromEntries(
    [...mentioned, ...conditions.map(keyOf)].map((key) => [key, unknown(key)] as const),
  );
  let combinations: readonly Readonly<Record<string, string>>[] = [free];
  for (const condition of conditions) {
    const bound = /^(?:String(?:Equals|Like)|Arn(?:Equals|Like)|Bool) /.test(condition.test);
    if (!bound || combinations.length * condition.values.length > mostContexts) continue;
    combinations = combinations.flatMap((one) =>
      condition.values.map((value) => ({ ...one, [keyOf(condition)]: anyOf(value) })),
    );
  }
  return combinations.map(contextOf);
}

function keyOf({ test }: Condition): string {
  return test.split(" ")[1] ?? "";
}
