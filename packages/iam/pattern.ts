import { isUnknownSymbol, symbolsOf } from "./unknown";

/** `*` or `?`. */
export interface Wildcard {
  /** `*` */
  readonly many: boolean;
  /** Whether it may match a colon. */
  readonly colons: boolean;
}

/** A pattern's literal characters, unknowns and wildcards. */
export type Pattern = readonly (string | Wildcard)[];

/** Part of a pattern. In a literal part, such as the value of a policy variable, `*` and `?` are characters. */
export interface Piece {
  readonly text: string;
  readonly literal: boolean;
}

const many: Wildcard = { many: true, colons: true };
const one: Wildcard = { many: false, colons: true };
const manyInSegment: Wildcard = { many: true, colons: false };
const oneInSegment: Wildcard = { many: false, colons: false };

export function literalPattern(text: string): Pattern {
  return symbolsOf(text);
}

/** `*` matches any text and `?` any character, colons and slashes included. */
export function globPattern(pieces: string | readonly Piece[]): Pattern {
  return charactersOf(pieces).map(({ symbol, literal }) => {
    if (literal) return symbol;
    return symbol === "*" ? many : symbol === "?" ? one : symbol;
  });
}

export type ArnUse = "resource" | "own-resource" | "condition";

/**
 * A pattern for ARNs, whose first five colons separate six segments. The last one, the resource, may contain colons.
 *
 * - `resource`, as in the Resource element: a wildcard stays in its segment, except that a `*` at the end of a segment "can
 *   expand to match beyond the colon boundaries". An ARN with fewer than six segments is completed with `*`.
 * - `own-resource`, as in the Resource element of a resource policy: the same, but nothing is completed.
 * - `condition`, as in ArnLike: each of the six segments is "checked separately".
 */
export function arnPattern(pieces: string | readonly Piece[], use: ArnUse): Pattern {
  const characters = charactersOf(pieces);
  let colons = 0;
  const pattern = characters.map(({ symbol, literal }, index): string | Wildcard => {
    if (symbol === ":") colons += 1;
    if (literal || (symbol !== "*" && symbol !== "?")) return symbol;
    const next = characters[index + 1]?.symbol;
    const last = next === undefined || (use !== "condition" && next === ":");
    if (symbol === "*") return colons >= 5 || last ? many : manyInSegment;
    return colons >= 5 ? one : oneInSegment;
  });
  const complete = colons >= 5 || !startsAnArn(characters) || pattern.at(-1) === many;
  return complete || use !== "resource" ? pattern : [...pattern, ":", many];
}

/** The pattern with unknowns replaced by `*`: it matches whatever the pattern could match. */
export function widened(pattern: Pattern): Pattern {
  return pattern.map((element) => (isSymbol(element) && isUnknownSymbol(element) ? many : element));
}

export function isSymbol(element: string | Wildcard): element is string {
  return typeof element === "string";
}

export function lowerCased(pattern: Pattern): Pattern {
  return pattern.map((element) => (isSymbol(element) ? lowerCasedSymbol(element) : element));
}

/** A text's characters in lower case. The name of an unknown stays as it is. */
export function lowerCasedSymbols(text: string): readonly string[] {
  return symbolsOf(text).map(lowerCasedSymbol);
}

function lowerCasedSymbol(symbol: string): string {
  return isUnknownSymbol(symbol) ? symbol : symbol.toLowerCase();
}

function charactersOf(
  pieces: string | readonly Piece[],
): readonly { readonly symbol: string; readonly literal: boolean }[] {
  const list = typeof pieces === "string" ? [{ text: pieces, literal: false }] : pieces;
  return list.flatMap(({ text, literal }) => symbolsOf(text).map((symbol) => ({ symbol, literal })));
}

function startsAnArn(characters: readonly { readonly symbol: string }[]): boolean {
  return characters
    .slice(0, 4)
    .map(({ symbol }) => symbol)
    .join("")
    .startsWith("arn:");
}
