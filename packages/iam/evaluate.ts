import { accountOf } from "./caller";
import type { Policy, Statement } from "./policy";
import type { Grant } from "./principals";
import { matchStatement, type PolicyKind, type Request, type StatementMatch } from "./statement";
import { anyOf, type Ternary } from "./unknown";

export type PolicyType = "identity" | "resource" | "boundary" | "session";

export interface NamedPolicy {
  /** For messages. */
  readonly name: string;
  readonly policy: Policy;
}

/** The policies that a request is subject to. */
export interface Policies {
  /** Of the user, its groups, or the role. */
  readonly identity?: readonly NamedPolicy[];
  /** Of the resource. For `sts:AssumeRole`, the role's trust policy. */
  readonly resource?: readonly NamedPolicy[];
  /** The permissions boundary. */
  readonly boundary?: readonly NamedPolicy[];
  /** Of the session; together, they limit it. */
  readonly session?: readonly NamedPolicy[];
  /** The account that owns the resource. @default the ARN's; the caller's, if the ARN has none, as with S3 */
  readonly resourceAccount?: string;
}

export interface DecidingStatement {
  readonly type: PolicyType;
  readonly policy: string;
  readonly statement: Statement;
}

/** A statement that would have allowed the request, had one of its elements been otherwise. */
export interface NearMiss extends DecidingStatement {
  readonly match: StatementMatch;
}

export interface Decision {
  /** `unknown`: it depends on a value that is unknown. */
  readonly outcome: "allow" | "explicit-deny" | "implicit-deny" | "unknown";
  /** The statement that allows or denies. Undefined for an implicit deny, and for the account's root user. */
  readonly by: DecidingStatement | undefined;
  /** For an implicit deny: the type of policy that lacks a grant. */
  readonly lacking: PolicyType | undefined;
  /** For an implicit deny: the statements of that type about this action, most of which name another resource. */
  readonly nearMisses: readonly NearMiss[];
}

interface Found {
  readonly value: Ternary;
  readonly by: DecidingStatement | undefined;
}

const types = ["identity", "resource", "boundary", "session"] as const;
const nobody: Found = { value: false, by: undefined };

/** Anyone may make these calls, whatever a policy says. */
const free = new Set(["sts:getcalleridentity", "sts:getsessiontoken"]);
/** Keys and roles are closed to their own account, unless their policy opens them. */
const closed = /^(?:kms:|sts:(?:AssumeRole\w*|TagSession|SetSourceIdentity)$)/i;

/** Decides a request as documented in "Policy evaluation logic" in the IAM user guide, without organizations. */
export function evaluate(request: Request, policies: Policies): Decision {
  if (free.has(request.action.toLowerCase())) return decision("allow");
  const denied = first(types.map((type) => search(request, policies, type, "Deny")));
  if (denied.value) return decision("explicit-deny", denied.by);
  const allowed = allowing(request, policies);
  if (allowed.value === false) return implicitDeny(request, policies, allowed.lacking);
  return denied.value === undefined || allowed.value === undefined
    ? decision("unknown", denied.value === undefined ? denied.by : allowed.by)
    : decision("allow", allowed.by);
}

interface Allowed extends Found {
  readonly lacking: PolicyType;
}

function allowing(request: Request, policies: Policies): Allowed {
  const { caller } = request;
  const account = accountOf(caller);
  const direct = granted(request, policies, ["direct"]);
  // Outside of an account, there is no identity whose policies could allow anything.
  if (account === undefined) return { ...direct, lacking: "resource" };
  const identity =
    caller.type === "root" ? { value: true, by: undefined } : search(request, policies, "identity", "Allow");
  const owner = policies.resourceAccount ?? (request.resource.split(":")[4] || account);
  const anyGrant = granted(request, policies, ["direct", "role", "account"]);
  if (owner !== account) {
    return within(request, policies, both(anyGrant, "resource", identity, "identity"));
  }
  const role = granted(request, policies, ["role"]);
  const own = first([role, identity]);
  const isClosed = closed.test(request.action) && request.resource !== "*";
  const limited = within(
    request,
    policies,
    isClosed && !role.value ? both(anyGrant, "resource", own, "identity") : { ...own, lacking: "identity" },
  );
  if (direct.value || limited.value === false)
    return direct.value === false ? limited : { ...direct, lacking: limited.lacking };
  return limited;
}

/** Limits what is allowed to the boundary and the session policies. */
function within(request: Request, policies: Policies, allowed: Allowed): Allowed {
  let result = allowed;
  for (const type of ["boundary", "session"] as const) {
    if (!policies[type]) continue;
    result = both(result, result.lacking, search(request, policies, type, "Allow"), type);
  }
  return result;
}

/** Both are needed. The statement that explains the result is the first one's. */
function both(left: Found, leftType: PolicyType, right: Found, rightType: PolicyType): Allowed {
  if (left.value === false) return { ...left, lacking: leftType };
  if (right.value === false) return { ...right, lacking: rightType };
  if (left.value === undefined || right.value) return { ...left, lacking: leftType };
  return { ...right, lacking: rightType };
}

function granted(request: Request, policies: Policies, grants: readonly Grant[]): Found {
  return search(request, policies, "resource", "Allow", grants);
}

function search(
  request: Request,
  policies: Policies,
  type: PolicyType,
  effect: Statement["effect"],
  grants?: readonly Grant[],
): Found {
  return first(
    each(request, policies, type, effect).map(({ match, ...by }) => ({
      value: grants && !grants.includes(match.grant) ? false : match.applies,
      by,
    })),
  );
}

function each(
  request: Request,
  policies: Policies,
  type: PolicyType,
  effect: Statement["effect"],
): readonly NearMiss[] {
  const kind: PolicyKind = type === "resource" ? "resource" : "identity";
  return (policies[type] ?? []).flatMap(({ name, policy }) =>
    policy.statements
      .filter((statement) => statement.effect === effect)
      .map((statement) => ({
        type,
        policy: name,
        statement,
        match: matchStatement(statement, policy, kind, request),
      })),
  );
}

/** The first that is true; otherwise the first that is unknown. */
function first(found: readonly Found[]): Found {
  const value = anyOf(found.map((one) => one.value));
  return value === false ? nobody : (found.find((one) => one.value === value) ?? nobody);
}

function implicitDeny(request: Request, policies: Policies, lacking: PolicyType): Decision {
  const nearMisses = each(request, policies, lacking, "Allow").filter(({ match }) => match.action !== false);
  return { outcome: "implicit-deny", by: undefined, lacking, nearMisses };
}

function decision(outcome: Decision["outcome"], by?: DecidingStatement): Decision {
  return { outcome, by, lacking: undefined, nearMisses: [] };
}
