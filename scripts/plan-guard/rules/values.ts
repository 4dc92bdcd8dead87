import type { Values } from "./attribute-rule";

/** Terraform writes an unset attribute as null, and providers read some back as `""`, `[]` or `{}`. */
export function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.values(value).every((inner) => inner === null);
}

export function equal(one: unknown, other: unknown): boolean {
  return (isUnset(one) && isUnset(other)) || canonical(one) === canonical(other);
}

export function asRecord(value: unknown): Values | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : undefined;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : isUnset(value) ? [] : [value];
}

/** @returns undefined for a text that is not JSON, and for what is no text */
export function asJson(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** A value's JSON, with names in order and without what is unset. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const record = asRecord(value);
  if (!record) return JSON.stringify(value) ?? "";
  const entries = Object.entries(record)
    .filter(([, inner]) => !isUnset(inner))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join()}}`;
}
