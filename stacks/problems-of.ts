import { inspect } from "node:util";
import type * as z from "zod/mini";

/**
 * What a schema of `settings` finds wrong with a value: one line for each problem, with its place, the rule and the value.
 * @param where what the value is, for example `environment "dev"`
 */
export function problemsOf(where: string, schema: z.ZodMiniType, value: unknown): readonly string[] {
  const issues = schema.safeParse(value).error?.issues ?? [];
  const problems = issues.flatMap(({ code, message, path }) => {
    if (code !== "unrecognized_keys")
      return `${where}:${placeOf(path)} must ${message}, ${found(value, path)}`;
    const parents = path.map((part) => `${String(part)}.`).join("");
    return message.split("\n").map((line) => `${where}: ${parents}${line}`);
  });
  return [...new Set(problems)];
}

/** ` domain.name`, ` alarmEmails[1]` */
function placeOf(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  return parts.join("").replace(/^\./, " ");
}

function found(value: unknown, path: readonly PropertyKey[]): string {
  let parent: unknown;
  let current: unknown = value;
  for (const part of path) {
    parent = current;
    current = (parent as Readonly<Record<PropertyKey, unknown>>)[part];
  }
  const key = path.at(-1);
  if (current === undefined && key !== undefined) {
    const isWritten = Object.hasOwn(parent as object, key);
    return isWritten ? "got undefined: give it a value, or leave it out if it is optional" : "but is missing";
  }
  return `got ${typeof current === "string" ? JSON.stringify(current) : inspect(current, { breakLength: Infinity })}`;
}
