import type { Caller } from "../../iam/caller";
import { contextOf } from "../../iam/context";
import { evaluate, type Outcome } from "../../iam/evaluate";
import { type Policy, parsePolicy } from "../../iam/policy";
import { anyOf, type Ternary, unknown } from "../../iam/unknown";
import { asRecord, asRecords, type Resource } from "../stack-view";
import { accountOf } from "./place";
import { targetPolicies } from "./resource-policies";
import { policiesOfRole } from "./role-policies";
import { arnOf, segmentOf } from "./symbolic-text";

/**
 * Condition keys with values. Undefined: the request does not have the key. `aws:PrincipalTag/*` stands for all other keys that
 * begin that way. A key that is not listed may be anything.
 */
export type Keys = Readonly<Record<string, string | readonly string[] | undefined>>;

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

/** What every request has. */
function requestKeys(account: string, resource: string): Keys {
  const now = new Date();
  const region = segmentOf(resource, 3);
  return {
    "aws:CurrentTime": now.toISOString(),
    "aws:EpochTime": `${Math.floor(now.getTime() / 1_000)}`,
    "aws:SecureTransport": "true",
    ...(region && { "aws:RequestedRegion": region }),
    ...(resource !== "*" && { "aws:ResourceAccount": account }),
  };
}

function callerKeys(roleArn: string, account: string): Keys {
  return {
    "aws:PrincipalArn": roleArn,
    "aws:PrincipalAccount": account,
    "aws:PrincipalType": "AssumedRole",
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalServiceName": undefined,
    "aws:PrincipalServiceNamesList": undefined,
    "aws:SourceArn": undefined,
    "aws:SourceAccount": undefined,
    "aws:MultiFactorAuthPresent": undefined,
    "aws:MultiFactorAuthAge": undefined,
    "aws:username": undefined,
    "kms:CallerAccount": account,
  };
}

function principalTags(role: Resource): Keys {
  const defaults = asRecords(role.stack.json.provider?.aws ?? [])
    .flatMap((provider) => asRecords(provider.default_tags ?? []))
    .map(({ tags }) => tags);
  const sources = [...defaults, role.raw("tags")].filter((tags) => tags !== undefined);
  if (sources.some((tags) => !asRecord(tags))) return {};
  const tags = sources.flatMap((one) => Object.entries(asRecord(role.stack.evaluate(one)) ?? {}));
  return {
    "aws:PrincipalTag/*": undefined,
    ...Object.fromEntries(
      tags.map(([name, value]) => {
        const text = `${value}`;
        return [`aws:PrincipalTag/${name}`, text.includes("${") ? unknown(text) : text];
      }),
    ),
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function serviceKeys(name: string, source: string | undefined, account: string): Keys {
  // The ARN of a bucket has no account, but the bucket is the stack's all the same.
  const owner = (source === undefined ? undefined : segmentOf(source, 4)) || account;
  return {
    "aws:PrincipalServiceName": name,
    "aws:PrincipalIsAWSService": "true",
    "aws:PrincipalArn": undefined,
    "aws:PrincipalAccount": undefined,
    "aws:PrincipalOrgID": undefined,
    "aws:PrincipalOrgPaths": undefined,
    "aws:PrincipalTag/*": undefined,
    "aws:SourceVpc": undefined,
    "aws:SourceVpce": undefined,
    "aws:VpcSourceIp": undefined,
    "aws:userid": undefined,
    "aws:username": undefined,
    ...(source !== undefined && { "aws:SourceArn": source }),
    "aws:SourceAccount": owner,
  };
}
