import { accountOf } from "./caller";
import { globPattern, literalPattern, lowerCasedSymbols } from "./pattern";
import { matches } from "./pattern-sets";
import type { Policy, Statement } from "./policy";
import type { Grant } from "./principals";
import { type Request, statementApplies } from "./statement";
import { allOf, anyOf, not, symbolsOf, type Ternary } from "./unknown";

/** The policies that a request is subject to. */
export interface Policies {
  /** Of the user, its groups, or the role. @default none */
  readonly identity?: readonly Policy[];
  /** Of the resource. For `sts:AssumeRole`, the role's trust policy. @default none */
  readonly resource?: readonly Policy[];
  /** The id of the account that owns the resource. */
  readonly resourceAccount: string;
}

/** `unknown`: it depends on a value that is unknown. */
export type Outcome = "allow" | "explicit-deny" | "implicit-deny" | "unknown";

/** Anyone may make these calls, whatever a policy says. */
const free = new Set(["sts:getcalleridentity", "sts:getsessiontoken"]);
/** Keys and roles are closed to their own account, unless their policy opens them. */
const closed = ["kms:*", "sts:assumerole*", "sts:tagsession", "sts:setsourceidentity"].map(globPattern);

/**
 * Decides a request as documented in "Policy evaluation logic" in the IAM user guide, without organizations, permissions
 * boundaries and session policies.
 */
export function evaluate(request: Request, policies: Policies): Outcome {
  if (free.has(request.action.toLowerCase())) return "allow";
  const denied = anyOf([
    inIdentity(request, policies, "Deny"),
    inResource(request, policies, "Deny", ["direct", "account"]),
  ]);
  if (denied) return "explicit-deny";
  const allowed = isAllowed(request, policies);
  if (allowed === false) return "implicit-deny";
  return denied === undefined || allowed === undefined ? "unknown" : "allow";
}

function isAllowed(request: Request, policies: Policies): Ternary {
  const { caller } = request;
  const account = accountOf(caller);
  const direct = inResource(request, policies, "Allow", ["direct"]);
  // Outside of an account, there is no identity whose policies could allow anything.
  if (account === undefined) return direct;
  const identity = caller.type === "root" ? true : inIdentity(request, policies, "Allow");
  const anyGrant = anyOf([direct, inResource(request, policies, "Allow", ["account"])]);
  const across = allOf([anyGrant, identity]);
  const isOwn = matches(literalPattern(account), symbolsOf(policies.resourceAccount));
  if (isOwn === false) return across;
  const within = anyOf([direct, allOf([identity, anyOf([not(isClosed(request)), anyGrant])])]);
  return isOwn || within === across ? within : undefined;
}

/** What is about no resource, such as `kms:CreateKey`, has no policy that could open it. */
function isClosed({ action, resource }: Request): Ternary {
  if (resource === "*") return false;
  const symbols = lowerCasedSymbols(action);
  return anyOf(closed.map((pattern) => matches(pattern, symbols)));
}

function inIdentity(request: Request, { identity = [] }: Policies, effect: Statement["effect"]): Ternary {
  return inPolicies(identity, effect, (statement, policy) => statementApplies(statement, policy, request));
}

function inResource(
  request: Request,
  { resource = [] }: Policies,
  effect: Statement["effect"],
  grants: readonly Grant[],
): Ternary {
  return inPolicies(resource, effect, (statement, policy) =>
    anyOf(grants.map((grant) => statementApplies(statement, policy, request, grant))),
  );
}

function inPolicies(
  policies: readonly Policy[],
  effect: Statement["effect"],
  applies: (statement: Statement, policy: Policy) => Ternary,
): Ternary {
  return anyOf(
    policies.flatMap((policy) =>
      policy.statements.filter((one) => one.effect === effect).map((one) => applies(one, policy)),
    ),
  );
}
