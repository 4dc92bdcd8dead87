/** Yes, no, or undefined: it depends on a value that is unknown. */
export type Ternary = boolean | undefined;

const opening = "\uE000";
const closing = "\uE001";
const marker = /\uE000[^\uE001]*\uE001/u;

/**
 * Stands for a text that is unknown, such as a value that only Terraform knows. Put it anywhere in a policy or a request.
 * Two unknowns of the same name are the same text; of two names, nothing is known.
 */
export function unknown(name: string): string {
  return `${opening}${name}${closing}`;
}

export function hasUnknown(text: string): boolean {
  return text.includes(opening);
}

/** A text's characters. Each unknown in it is one entry, which is longer than a character. */
export function symbolsOf(text: string): readonly string[] {
  if (!hasUnknown(text)) return Array.from(text);
  return text
    .split(new RegExp(`(${marker.source})`, "u"))
    .flatMap((part) => (hasUnknown(part) ? [part] : Array.from(part)));
}

export function isUnknownSymbol(symbol: string): boolean {
  return symbol.startsWith(opening);
}

/** True if one is true; false if all are false. */
export function anyOf(values: Iterable<Ternary>): Ternary {
  let result: Ternary = false;
  for (const value of values) {
    if (value) return true;
    if (value === undefined) result = undefined;
  }
  return result;
}

/** True if all are true; false if one is false. */
export function allOf(values: Iterable<Ternary>): Ternary {
  let result: Ternary = true;
  for (const value of values) {
    if (value === false) return false;
    if (value === undefined) result = undefined;
  }
  return result;
}

export function not(value: Ternary): Ternary {
  return value === undefined ? undefined : !value;
}
