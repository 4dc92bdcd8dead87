import { inspect } from "node:util";
import type * as z from "zod/mini";

/**
 * What a schema of `settings` finds wrong with a value: one line for each problem, with its place, the rule and the value.
 * @param where what the value is, for example `environment "dev"`
 */
export function problemsOf(where: string, schema: z.ZodMiniType, value: unknown): readonly string[] {
  const issues = (schema.safeParse(value).error?.issues ?? []).flatMap((issue) => inner(issue, value));
  const problems = issues.flatMap(({ code, message, path }) => {
    if (code !== "unrecognized_keys")
      return `${where}:${placeOf(path)} must ${message}, ${found(value, path)}`;
    const parents = path.map((part) => `${String(part)}.`).join("");
    return message.split("\n").map((line) => `${where}: ${parents}${line}`);
  });
  return [...new Set(problems)];
}

/** What is wrong inside a switch that is written as an object, instead of the rule for the whole switch. */
function inner(issue: z.core.$ZodIssue, value: unknown): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union" || Object(valueAt(value, issue.path)) !== valueAt(value, issue.path))
    return [issue];
  const [, ofObject] = issue.errors;
  if (!ofObject) return [issue];
  return ofObject.map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((parent, part) => (parent as Readonly<Record<PropertyKey, unknown>>)[part], value);
}

/** ` domain.name`, ` alarmEmails[1]` */
function placeOf(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  return parts.join("").replace(/^\./, " ");
}

function found(value: unknown, path: readonly PropertyKey[]): string {
  const current = valueAt(value, path);
  const key = path.at(-1);
  if (current === undefined && key !== undefined) {
    const isWritten = Object.hasOwn(valueAt(value, path.slice(0, -1)) as object, key);
    return isWritten ? "got undefined: give it a value, or leave it out if it is optional" : "but is missing";
  }
  return `got ${typeof current === "string" ? JSON.stringify(current) : inspect(current, { breakLength: Infinity })}`;
}
