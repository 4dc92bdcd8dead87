import { referencesIn, templateParts } from "./expression";
import { asRecord } from "./json-values";
import type { StackView } from "./stack-view";

/**
 * Compares two attributes by what Terraform makes of them: references are resolved, JSON is parsed, `5` equals `"5"`, and
 * a block equals a list of that one block. A value that only Terraform knows can be any.
 * @returns what was found in place of the promised value, as a clause about `name`; nothing if it can be the same
 */
export function differencesOf(
  stack: StackView,
  name: string,
  promised: unknown,
  written: unknown,
): readonly string[] {
  // Nearly always, and fast.
  if (JSON.stringify(promised ?? null) === JSON.stringify(written ?? null)) return [];
  const [one, other] = [meaning(stack, promised), meaning(stack, written)];
  const [own, found] = [statementsIn(one), statementsIn(other)];
  if (own && found) return statementDifferences(name, own, found);
  return agree(one, other) ? [] : [`${name} is ${shown(other)}, not ${shown(one)}`];
}

/** A value without anything that can be written in several ways. */
function meaning(stack: StackView, value: unknown): unknown {
  const evaluated = stack.evaluate(value);
  const parsed = typeof value === "string" ? asRecord(stack.parse(value)) : undefined;
  return normalized(parsed ?? evaluated);
}

function normalized(value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value === "number" || typeof value === "boolean") return `${value}`;
  if (Array.isArray(value)) return value.length === 1 ? normalized(value[0]) : value.map(normalized);
  const record = asRecord(value);
  if (!record) return value;
  return Object.fromEntries(
    Object.entries(record)
      .filter(([, entry]) => entry !== null && entry !== undefined)
      .map(([key, entry]) => [key, normalized(entry)]),
  );
}

/** Whether what is written has the promised meaning, or may have it. */
function agree(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  // What is promised can be open, too, but then nothing says that another text is the same.
  if (isOpen(other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((entry, index) => agree(entry, other[index]));
  }
  const [own, found] = [asRecord(one), asRecord(other)];
  if (!own || !found) return false;
  return [...new Set([...Object.keys(own), ...Object.keys(found)])].every((key) =>
    agree(own[key], found[key]),
  );
}

/** Whether a value comes from outside the stack: a variable, a module, a data source or a function of such. */
function isOpen(value: unknown): boolean {
  if (typeof value !== "string" || !value.includes("${")) return false;
  return templateParts(value).some((part) => {
    if (!("expression" in part)) return false;
    const references = referencesIn(part.expression);
    return (
      /(?<![\w.])(var|module|each|count|path|dynamic)\./.test(part.expression) ||
      references.some((one) => "address" in one && one.address.startsWith("data."))
    );
  });
}

type Statements = readonly Readonly<Record<string, unknown>>[];

function statementsIn(meaningOf: unknown): Statements | undefined {
  const statement = asRecord(meaningOf)?.Statement;
  const all = (Array.isArray(statement) ? statement : [statement]).map(asRecord);
  return all.every((one) => one !== undefined) ? all : undefined;
}

/** Statements that are gone, changed or new. One that changed is told by its Sid. */
function statementDifferences(name: string, promised: Statements, written: Statements): readonly string[] {
  const titleOf = (statement: Statements[number]) => `${statement.Sid ?? JSON.stringify(statement)}`;
  const missing = promised.filter((one) => !written.some((other) => agree(one, other)));
  const added = written.filter((other) => !promised.some((one) => agree(one, other)));
  return [
    ...missing.map((one) => {
      const changed = added.find((other) => one.Sid !== undefined && other.Sid === one.Sid);
      return changed
        ? `${name} has another statement ${titleOf(one)}: ${JSON.stringify(changed)}`
        : `${name} lacks the statement ${titleOf(one)}`;
    }),
    ...added
      .filter((other) => other.Sid === undefined || !missing.some((one) => one.Sid === other.Sid))
      .map((other) => `${name} has a further statement ${titleOf(other)}`),
  ];
}

function shown(value: unknown): string {
  if (value === undefined) return "absent";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
