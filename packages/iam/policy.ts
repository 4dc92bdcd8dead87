import { type Operator, parseOperator } from "./operators";
import { PolicyError } from "./policy-error";

export interface Policy {
  /** Policies of the version 2008-10-17, which is the default, have no policy variables. */
  readonly version: "2012-10-17" | "2008-10-17";
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: Selection;
  /** Undefined in trust policies, and in those resource policies that may omit it. */
  readonly resources: Selection | undefined;
  /** Undefined in identity policies. */
  readonly principals: PrincipalSelection | undefined;
  readonly conditions: readonly Condition[];
}

/** The values of an element, such as Action. Inverted, as in NotAction, it selects everything else. */
export interface Selection {
  readonly values: readonly string[];
  readonly inverted: boolean;
}

export interface PrincipalSelection {
  /** Type and value: `AWS`, `Service`, `Federated` or `CanonicalUser`. `*` is `AWS` and `*`. */
  readonly values: readonly (readonly [type: string, value: string])[];
  readonly inverted: boolean;
}

export interface Condition {
  readonly operator: Operator;
  /** In lower case: keys are case-insensitive. */
  readonly key: string;
  readonly values: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a policy document.
 * @param document JSON text, or what it parses to
 * @throws PolicyError for what AWS rejects as malformed: no Effect, two of Action and NotAction, an unknown operator, …
 */
export function parsePolicy(document: unknown): Policy {
  const policy = asFields(typeof document === "string" ? parseJson(document) : document, "policy");
  const { Version: version = "2008-10-17", Statement: statements } = policy;
  if (version !== "2012-10-17" && version !== "2008-10-17") {
    throw new PolicyError("policy", `Version must be 2012-10-17 or 2008-10-17, got ${version}`);
  }
  const list = Array.isArray(statements) ? statements : [statements];
  return { version, statements: list.map(parseStatement) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyError("policy", "must be JSON");
  }
}

function parseStatement(given: unknown, index: number): Statement {
  const sid = (given as Fields | undefined)?.Sid;
  const where = `statement ${index + 1}${sid ? ` (${sid})` : ""}`;
  const statement = asFields(given, where);
  const { Effect: effect } = statement;
  if (effect !== "Allow" && effect !== "Deny") {
    throw new PolicyError(where, `Effect must be Allow or Deny, got ${effect}`);
  }
  const actions = selectionOf(statement, "Action", where);
  if (!actions) throw new PolicyError(where, "must have Action or NotAction");
  return {
    effect,
    actions,
    resources: selectionOf(statement, "Resource", where),
    principals: principalsOf(statement, where),
    conditions: conditionsOf(statement.Condition, where),
  };
}

function selectionOf(statement: Fields, element: string, where: string): Selection | undefined {
  const name = only(statement, element, where);
  if (!name) return undefined;
  return { values: textsOf(statement[name], `${where}, ${name}`), inverted: name !== element };
}

function principalsOf(statement: Fields, where: string): PrincipalSelection | undefined {
  const name = only(statement, "Principal", where);
  if (!name) return undefined;
  const given = statement[name];
  const inverted = name !== "Principal";
  if (given === "*") return { values: [["AWS", "*"]], inverted };
  const values = Object.entries(asFields(given, `${where}, ${name}`)).flatMap(([type, texts]) =>
    textsOf(texts, `${where}, ${name}`).map((text) => [type, text] as const),
  );
  return { values, inverted };
}

/** The name of an element or its inverse, whichever a statement has. */
function only(statement: Fields, element: string, where: string): string | undefined {
  const names = [element, `Not${element}`].filter((name) => statement[name] !== undefined);
  if (names.length > 1) throw new PolicyError(where, `must not have both ${names.join(" and ")}`);
  return names[0];
}

function conditionsOf(given: unknown, where: string): readonly Condition[] {
  return Object.entries(asFields(given ?? {}, `${where}, Condition`)).flatMap(([name, keys]) => {
    const operator = parseOperator(name);
    if (!operator) throw new PolicyError(where, `IAM has no condition operator ${name}`);
    const place = `${where}, ${name}`;
    return Object.entries(asFields(keys, place)).map(([key, values]) => ({
      operator,
      key: key.toLowerCase(),
      values: textsOf(values, place),
    }));
  });
}

function textsOf(given: unknown, where: string): readonly string[] {
  return [given].flat().map((value: unknown) => {
    if (!["string", "number", "boolean"].includes(typeof value)) {
      throw new PolicyError(where, `must hold texts, got ${JSON.stringify(value)}`);
    }
    return `${value}`;
  });
}

function asFields(given: unknown, where: string): Fields {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new PolicyError(where, `must be an object, got ${JSON.stringify(given)}`);
  }
  return given as Fields;
}
