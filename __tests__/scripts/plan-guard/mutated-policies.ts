import { asList, asRecord } from "../../../scripts/plan-guard/rules/values";

type Statement = Readonly<Record<string, unknown>>;

/** Policies that allow more, deny less, allow less or deny more than the given one. Empty for another text. */
export function mutatedPolicies(text: unknown): readonly (readonly [direction: string, text: string])[] {
  const statements = statementsOf(text);
  if (statements.length === 0) return [];
  const all = statements.map((statement, index) => ({ statement, index }));
  const write = (changed: readonly Statement[]) =>
    JSON.stringify({ Version: "2012-10-17", Statement: changed });
  const with_ = (index: number, change: Statement) =>
    write(statements.map((statement, other) => (other === index ? { ...statement, ...change } : statement)));
  return [
    ["no statement", write([])],
    [
      "allow everybody everything",
      write([...statements, { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }]),
    ],
    [
      "deny everybody everything",
      write([...statements, { Effect: "Deny", Principal: "*", Action: "*", Resource: "*" }]),
    ],
    ...all.flatMap(({ statement, index }): [string, string][] => [
      [`drop statement ${index}`, write(statements.filter((_, other) => other !== index))],
      [`widen action ${index}`, with_(index, { Action: [...asList(statement.Action), "s3:DeleteBucket"] })],
      [`widen resource ${index}`, with_(index, { Resource: "*" })],
      [`every action ${index}`, with_(index, { Action: "*" })],
      ...(statement.Principal
        ? ([[`every principal ${index}`, with_(index, { Principal: "*" })]] as [string, string][])
        : []),
      ...(statement.Condition
        ? ([
            [`drop condition ${index}`, with_(index, { Condition: undefined })],
            [`loosen condition ${index}`, with_(index, { Condition: loosened(statement.Condition) })],
          ] as [string, string][])
        : []),
    ]),
  ];
}

function statementsOf(text: unknown): readonly Statement[] {
  try {
    return asList(asRecord(JSON.parse(`${text}`))?.Statement).map((each) => asRecord(each) ?? {});
  } catch {
    return [];
  }
}

/** Each of its values becomes `*`. */
function loosened(condition: unknown): unknown {
  return Object.fromEntries(
    Object.entries(asRecord(condition) ?? {}).map(([operator, keys]) => [
      operator.replace(/Equals$/, "Like").replace("Bool", "StringLike"),
      Object.fromEntries(Object.keys(asRecord(keys) ?? {}).map((key) => [key, "*"])),
    ]),
  );
}
