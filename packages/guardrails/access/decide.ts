import type { Caller } from "../../iam/caller";
import { contextOf } from "../../iam/context";
import { evaluate, type Outcome } from "../../iam/evaluate";
import { type Policy, parsePolicy } from "../../iam/policy";
import { anyOf, type Ternary, unknown } from "../../iam/unknown";
import type { Resource } from "../stack-view";
import { accountOf } from "./place";
import { callerKeys, type Keys, principalTags, requestKeys, serviceKeys } from "./request-keys";
import { targetPolicies } from "./resource-policies";
import { policiesOfRole } from "./role-policies";
import { arnOf } from "./symbolic-text";

export interface RoleRequest {
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  /** The resource in the stack, whose own policies take part in the decision. */
  readonly target?: Resource | undefined;
  readonly keys?: Keys;
}

/**
 * Whether a service may make a call with a role of the stack.
 * @returns undefined if that depends on what only Terraform knows
 */
export function roleMay(role: Resource, { action, resource, target, keys = {} }: RoleRequest): Ternary {
  const { stack } = role;
  const account = accountOf(stack);
  const roleArn = arnOf(role);
  const session = `arn:aws:sts::${account}:assumed-role/${role.text("name") ?? unknown("role")}/${unknown("session")}`;
  const caller: Caller = { type: "role-session", arn: session, roleArn };
  const { identity, boundary } = policiesOfRole(role);
  const ofTarget = target ? targetPolicies(target) : [];
  const known = {
    ...requestKeys(account, resource),
    ...callerKeys(roleArn, account),
    ...principalTags(role),
    ...keys,
  };
  const within = decision(
    evaluateWith({ caller, action, resource }, { identity, resource: ofTarget }, account, known),
  );
  if (!boundary || within === false) return within;
  const limit = evaluateWith(
    { caller, action, resource },
    { identity: [boundary], resource: [leftToIam(account)] },
    account,
    known,
  );
  const limited = decision(limit);
  return limited === false ? false : limited && within;
}

export interface ServiceRequest {
  /** `sns.amazonaws.com`. Several, if any of them is enough. */
  readonly services: readonly string[];
  readonly action: string;
  readonly resource: string;
  /** The ARN on whose behalf the service acts. Undefined if that is not known. */
  readonly source: string | undefined;
  readonly keys?: Keys;
}

/** Whether the policies of a resource let a service make a call for a resource of the stack. */
export function serviceMay(
  owner: Resource,
  { services, action, resource, source, keys = {} }: ServiceRequest,
  policies: readonly Policy[],
): Ternary {
  const account = accountOf(owner.stack);
  return anyOf(
    services.map((name) => {
      const known = {
        ...requestKeys(account, resource),
        ...serviceKeys(name, source, account),
        ...keys,
      };
      const caller: Caller = { type: "service", name };
      return decision(
        evaluateWith({ caller, action, resource }, { identity: [], resource: policies }, account, known),
      );
    }),
  );
}

/** Whether a service may assume a role, for one of the sources that it may name. */
export function mayAssume(
  role: Resource,
  service: string,
  sources: readonly (string | undefined)[],
): Ternary {
  const request = { services: [service], action: "sts:AssumeRole", resource: arnOf(role) };
  // "Firehose uses your AWS account ID for the external ID", and names no source:
  // https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
  const keys: Keys = service.startsWith("firehose.")
    ? {
        "sts:ExternalId": accountOf(role.stack),
        "aws:SourceArn": undefined,
        "aws:SourceAccount": unknown("source account"),
      }
    : {};
  const trust = targetPolicies(role);
  return anyOf(sources.map((source) => serviceMay(role, { ...request, source, keys }, trust)));
}

/** Allows everything: what is then decided is what another policy denies. */
export const everything: Policy = parsePolicy({ Statement: { Effect: "Allow", Action: "*", Resource: "*" } });

/** What policies say to a role of the account, other than those of the stack, that may do everything. */
export function outcomeFor(
  owner: Resource,
  { action, resource, keys = {} }: Omit<RoleRequest, "target">,
  policies: { readonly identity: readonly Policy[]; readonly resource: readonly Policy[] },
): Outcome {
  const account = accountOf(owner.stack);
  const roleArn = `arn:aws:iam::${account}:role/‹another role›`;
  const arn = `arn:aws:sts::${account}:assumed-role/‹another role›/session`;
  const known = { ...requestKeys(account, resource), ...callerKeys(roleArn, account), ...keys };
  return evaluateWith(
    { caller: { type: "role-session", arn, roleArn }, action, resource },
    policies,
    account,
    known,
  );
}

const leftToIam = (account: string): Policy =>
  parsePolicy({ Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "*", Resource: "*" } });

function decision(outcome: Outcome): Ternary {
  return outcome === "unknown" ? undefined : outcome === "allow";
}

export function evaluateWith(
  request: { readonly caller: Caller; readonly action: string; readonly resource: string },
  policies: { readonly identity: readonly Policy[]; readonly resource: readonly Policy[] },
  resourceAccount: string,
  known: Keys,
): Outcome {
  const values = lowerCased(known);
  const all = [...policies.identity, ...policies.resource];
  const mentioned = all.flatMap(({ statements }) => statements.flatMap(({ conditions }) => conditions));
  const free = mentioned.map(({ key }) => key).filter((key) => !isDecided(key, values));
  const context = contextOf({ ...Object.fromEntries(free.map((key) => [key, unknown(key)])), ...values });
  const undecided = (one: readonly Policy[]) => one.map((policy) => withUndecidedNulls(policy, values));
  return evaluate(
    { ...request, context },
    { identity: undecided(policies.identity), resource: undecided(policies.resource), resourceAccount },
  );
}

/** Whether a key is there is all that Null asks. For a key of which nothing is known, that is unknown too. */
function withUndecidedNulls(policy: Policy, values: Keys): Policy {
  const isFree = ({ operator, key }: Policy["statements"][number]["conditions"][number]) =>
    !operator.compare && !isDecided(key, values);
  if (!policy.statements.some(({ conditions }) => conditions.some(isFree))) return policy;
  return {
    ...policy,
    statements: policy.statements.map((statement) => ({
      ...statement,
      conditions: statement.conditions.map((one) =>
        isFree(one) ? { ...one, values: [unknown("null")] } : one,
      ),
    })),
  };
}

function isDecided(key: string, values: Keys): boolean {
  return (
    key in values ||
    Object.keys(values).some((name) => name.endsWith("*") && key.startsWith(name.slice(0, -1)))
  );
}

function lowerCased(keys: Keys): Keys {
  return Object.fromEntries(Object.entries(keys).map(([key, value]) => [key.toLowerCase(), value]));
}
