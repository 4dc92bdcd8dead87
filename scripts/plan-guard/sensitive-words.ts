import type { Change } from "./terraform-plan";

const notShown = "what it means is not shown, because a sensitive value is part of it";

/** Replaces a text that contains a word of a sensitive value of the change. */
export function withoutSensitive(
  text: string,
  { before, after, before_sensitive, after_sensitive }: Change,
): string {
  const words = [...wordsIn(before, before_sensitive), ...wordsIn(after, after_sensitive)];
  return words.some((word) => text.includes(word)) ? notShown : text;
}

function wordsIn(value: unknown, marks: unknown): readonly string[] {
  if (marks === true && (typeof value !== "object" || value === null)) {
    return `${value ?? ""}`.split(/\W+/).filter((word) => word !== "");
  }
  if (typeof value !== "object" || value === null || !marks) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    wordsIn(inner, marks === true ? true : (marks as Readonly<Record<string, unknown>>)[name]),
  );
}
