import type { Caller } from "./caller";
import { conditionHolds } from "./conditions";
import type { Context } from "./context";
import { arnPattern, globPattern, lowerCased, type Pattern } from "./pattern";
import { matches } from "./pattern-sets";
import type { Condition, Policy, Selection, Statement } from "./policy";
import { covered, type Grant } from "./principals";
import { allOf, anyOf, not, symbolsOf, type Ternary } from "./unknown";
import { expandVariables, hasVariables } from "./variables";

/** A resource policy selects its callers, and may leave out the resource, which is its own. */
export type PolicyKind = "identity" | "resource";

/** A request, as IAM sees it. */
export interface Request {
  readonly caller: Caller;
  /** `dynamodb:GetItem` */
  readonly action: string;
  /** An ARN; `*` for actions that have no resource. */
  readonly resource: string;
  /** Condition keys. Undefined if nothing is known of them: then no condition can be decided. */
  readonly context: Context | undefined;
}

/** Which elements of a statement cover a request. */
export interface StatementMatch {
  readonly action: Ternary;
  readonly resource: Ternary;
  readonly principal: Ternary;
  readonly conditions: Ternary;
  /** The conditions that do not hold. */
  readonly failed: readonly Condition[];
  /** Whether all of them do. */
  readonly applies: Ternary;
  /** How a resource policy names the caller. */
  readonly grant: Grant;
}

/** Compares a statement with a request. */
export function matchStatement(
  statement: Statement,
  policy: Policy,
  kind: PolicyKind,
  request: Request,
): StatementMatch {
  const variables = policy.version === "2012-10-17";
  const action = actionMatches(statement.actions, request.action);
  const resource = resourceMatches(statement.resources, kind, request, variables);
  const { named: principal, grant } = principalMatches(statement, kind, request.caller);
  const decided = action === false || resource === false || principal === false;
  // Conditions cost most, and say nothing if the statement is about something else.
  const held = decided
    ? []
    : statement.conditions.map((one) => conditionHolds(one, request.context, variables));
  const conditions = allOf(held);
  const failed = statement.conditions.filter((_, index) => held[index] === false);
  const applies = allOf([action, resource, principal, conditions]);
  return { action, resource, principal, conditions, failed, applies, grant };
}

function principalMatches({ principals }: Statement, kind: PolicyKind, caller: Caller) {
  if (kind === "identity") return { named: true, grant: "direct" } as const;
  return principals ? covered(principals, caller) : ({ named: false, grant: "direct" } as const);
}

function actionMatches(selection: Selection, action: string): Ternary {
  return select(selection, (value) => matches(actionPattern(value), symbolsOf(action.toLowerCase())));
}

function resourceMatches(
  selection: Selection | undefined,
  kind: PolicyKind,
  { resource, context }: Request,
  variables: boolean,
): Ternary {
  if (!selection) return kind === "resource";
  return select(selection, (value) => {
    const pattern =
      variables && hasVariables(value) ? withVariables(value, kind, context) : resourcePattern(value, kind);
    return pattern ? matches(pattern, symbolsOf(resource)) : context ? false : undefined;
  });
}

function withVariables(value: string, kind: PolicyKind, context: Context | undefined): Pattern | undefined {
  const pieces = expandVariables(value, context);
  return pieces && arnPattern(pieces, uses[kind]);
}

function select({ values, inverted }: Selection, selected: (value: string) => Ternary): Ternary {
  const result = anyOf(values.map(selected));
  return inverted ? not(result) : result;
}

/** Actions are case-insensitive. */
export function actionPattern(text: string): Pattern {
  return cached(actionPatterns, text, () => lowerCased(globPattern(text)));
}

/** An incomplete ARN is completed "in a non-resource-based policy" only. */
const uses = { identity: "resource", resource: "own-resource" } as const;

function resourcePattern(text: string, kind: PolicyKind): Pattern {
  return cached(kind === "identity" ? identityPatterns : resourcePatterns, text, () =>
    arnPattern(text, uses[kind]),
  );
}

const actionPatterns = new Map<string, Pattern>();
const identityPatterns = new Map<string, Pattern>();
const resourcePatterns = new Map<string, Pattern>();
const mostCached = 10_000;

function cached(patterns: Map<string, Pattern>, text: string, parse: () => Pattern): Pattern {
  const known = patterns.get(text);
  if (known) return known;
  if (patterns.size >= mostCached) patterns.clear();
  const pattern = parse();
  patterns.set(text, pattern);
  return pattern;
}
