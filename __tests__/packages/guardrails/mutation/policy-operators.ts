import type { Json } from "./paths";

type Statement = Readonly<Record<string, Json>>;

/** What one operator makes of a value. Undefined removes it. */
export type Mutation = readonly [operator: string, value: Json | undefined];

/** Whether JSON is an IAM policy. */
export function isPolicy(json: Json | undefined): boolean {
  return statementsOf(json).some((statement) => "Effect" in statement);
}

/** A policy with one statement gone, turned, widened, or under another condition. */
export function policyMutations(policy: Json): readonly Mutation[] {
  const statements = statementsOf(policy);
  return statements.flatMap((statement, index) =>
    mutatedStatements(statement).map(([operator, changed]): Mutation => {
      const all = statements.flatMap((other, at) => (at !== index ? [other] : changed ? [changed] : []));
      return [operator, { ...(policy as Statement), Statement: all }];
    }),
  );
}

function mutatedStatements(
  statement: Statement,
): readonly (readonly [operator: string, statement: Statement | undefined])[] {
  const { Effect, Action, Resource, Principal, Condition } = statement;
  const service = `${[Action].flat()[0] ?? ""}`.split(":")[0] ?? "";
  const widened = (pattern: string) => ({ ...statement, Action: pattern });
  return [
    ["statement gone", undefined],
    ["Effect turned", { ...statement, Effect: Effect === "Allow" ? "Deny" : "Allow" }],
    ...(Action === undefined
      ? []
      : ([
          ["Action widened to x:*", widened(`${service}:*`)],
          ["Action widened to x:?*", widened(`${service}:?*`)],
          ["Action widened to *", widened("*")],
          ...dropped(Action).map((left) => ["action gone", { ...statement, Action: left }] as const),
        ] as const)),
    ...(Resource === undefined
      ? []
      : ([
          ["Resource widened to *", { ...statement, Resource: "*" }],
          ["Resource widened to any account's", { ...statement, Resource: `arn:aws:${service}:*:*:*/*` }],
          ...dropped(Resource).map((left) => ["resource gone", { ...statement, Resource: left }] as const),
        ] as const)),
    ...(Principal === undefined ? [] : ([["Principal widened", { ...statement, Principal: "*" }]] as const)),
    ...conditionMutations(Condition).map(
      ([operator, changed]) =>
        [
          operator,
          changed === undefined ? without(statement) : { ...statement, Condition: changed },
        ] as const,
    ),
  ];
}

function conditionMutations(condition: Json | undefined): readonly Mutation[] {
  if (condition === undefined) return [];
  const operators = Object.entries(condition as Readonly<Record<string, Statement>>);
  const single = operators.flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]): Mutation[] => {
      const by = (changed: Json | undefined, under = operator) => {
        const { [key]: _, ...others } = keys;
        const rest = Object.fromEntries(operators.filter(([other]) => other !== operator));
        const same = changed !== undefined && under === operator ? { ...others, [key]: changed } : others;
        return {
          ...rest,
          ...(Object.keys(same).length > 0 && { [operator]: same }),
          ...(changed !== undefined && under !== operator && { [under]: { [key]: changed } }),
        };
      };
      return [
        ...(operators.length > 1 || Object.keys(keys).length > 1
          ? ([["condition key gone", by(undefined)]] as const)
          : []),
        operator === "Bool" || operator === "Null"
          ? ["Condition negated", by(`${values}` === "true" ? "false" : "true")]
          : ["Condition negated", by(values, negated(operator))],
        ["Condition matches nobody", by(nobody(operator))],
      ];
    }),
  );
  return [["Condition dropped", undefined], ...single];
}

function negated(operator: string): string {
  if (operator.includes("Not")) return operator.replace("Not", "");
  return operator.replace(/(Equals|Like|IpAddress)/, "Not$1");
}

function nobody(operator: string): Json {
  if (operator.startsWith("Arn")) return "arn:aws:sqs:eu-west-1:999999999999:nobody";
  if (operator.includes("Ip")) return "192.0.2.1/32";
  return operator.startsWith("Numeric") ? "-1" : "nobody";
}

/** Lists with one element less, of lists that have several. */
function dropped(list: Json): readonly Json[] {
  if (!Array.isArray(list) || list.length < 2) return [];
  return list.map((_, index) => list.filter((__, other) => other !== index));
}

function without({ Condition: _, ...statement }: Statement): Statement {
  return statement;
}

function statementsOf(policy: Json | undefined): readonly Statement[] {
  const statements = (policy as Statement | undefined)?.Statement;
  return [statements ?? []].flat() as readonly Statement[];
}
