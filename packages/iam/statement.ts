import type { Caller } from "./caller";
import { conditionHolds } from "./conditions";
import type { Context } from "./context";
import { arnPattern, globPattern, lowerCased, lowerCasedSymbols, type Pattern } from "./pattern";
import { matches } from "./pattern-sets";
import type { Policy, Selection, Statement } from "./policy";
import { covered, type Grant } from "./principals";
import { allOf, anyOf, not, symbolsOf, type Ternary } from "./unknown";
import { expandVariables, hasVariables } from "./variables";

/** A resource policy selects its callers, and may leave out the resource, which is its own. */
type PolicyKind = "identity" | "resource";

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

/**
 * Whether a statement covers a request.
 * @param grant how the statement of a resource policy must name the caller; undefined for an identity policy
 */
export function statementApplies(
  statement: Statement,
  policy: Policy,
  request: Request,
  grant?: Grant,
): Ternary {
  const variables = policy.version === "2012-10-17";
  const kind: PolicyKind = grant ? "resource" : "identity";
  // Cheapest first: most statements are about another action, and the rest is then not looked at.
  function* parts(): Iterable<Ternary> {
    yield actionMatches(statement.actions, request.action);
    yield principalMatches(statement, request.caller, grant);
    yield resourceMatches(statement.resources, kind, request, variables);
    for (const condition of statement.conditions) yield conditionHolds(condition, request.context, variables);
  }
  return allOf(parts());
}

function principalMatches({ principals }: Statement, caller: Caller, grant: Grant | undefined): Ternary {
  if (!grant) return true;
  return principals !== undefined && covered(principals, caller, grant);
}

function actionMatches(selection: Selection, action: string): Ternary {
  return select(selection, (value) => matches(actionPattern(value), lowerCasedSymbols(action)));
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
