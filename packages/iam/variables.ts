import type { Context } from "./context";
import type { Piece } from "./pattern";

const variable = /\$\{\s*([^},]*[^},\s])\s*(?:,\s*'([^']*)'\s*)?\}/g;
const specialCharacters = ["*", "?", "$"];

export function hasVariables(text: string): boolean {
  return text.includes("${");
}

/** The condition keys, in lower case, whose values a text's variables stand for. */
export function variableNames(text: string): readonly string[] {
  return [...text.matchAll(variable)]
    .map(([, name = ""]) => name.toLowerCase())
    .filter((name) => !specialCharacters.includes(name));
}

/**
 * Replaces policy variables such as `${aws:username}` and `${aws:PrincipalTag/team, 'none'}`. `${*}`, `${?}` and `${$}`
 * are these characters. Values are literal.
 * @returns undefined if a variable without a default has no single value: nothing then matches. Undefined, too, if nothing
 * is known of the request: then neither is whether a default is used
 */
export function expandVariables(text: string, context: Context | undefined): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(variable)) {
    const [whole, name = "", fallback] = found;
    const value = specialCharacters.includes(name)
      ? name
      : context && (singleValue(name, context) ?? fallback);
    if (value === undefined) return undefined;
    pieces.push({ text: text.slice(end, found.index), literal: false }, { text: value, literal: true });
    end = found.index + whole.length;
  }
  return [...pieces, { text: text.slice(end), literal: false }];
}

function singleValue(name: string, context: Context): string | undefined {
  const value = context.get(name.toLowerCase());
  return typeof value === "string" ? value : undefined;
}
