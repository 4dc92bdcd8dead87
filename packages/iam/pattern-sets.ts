import { isSymbol, type Pattern, type Wildcard, widened } from "./pattern";
import { isUnknownSymbol, type Ternary } from "./unknown";

/** A character that no pattern names. */
const other = "\u{10FFFF}";
/** Two patterns with many wildcards can have exponentially many combinations. Beyond this, nothing is said. */
const largestSearch = 20_000;

/** Whether a pattern matches a text. Undefined if that depends on an unknown in either. */
export function matches(pattern: Pattern, text: readonly string[]): Ternary {
  if (accepts(pattern, text)) return true;
  if (![...pattern, ...text].some(isUnknown)) return false;
  return overlaps(pattern, text);
}

/** Whether the first pattern matches every text that the second one matches. */
export function covers(outer: Pattern, inner: Pattern): Ternary {
  const included = includes(outer, inner);
  if (included || ![...outer, ...inner].some(isUnknown)) return included;
  const possible = inner.some(isUnknown)
    ? meet(widened(outer), widened(inner))
    : includes(widened(outer), inner);
  return possible === false ? false : undefined;
}

/** Whether some text matches both patterns. */
function overlaps(left: Pattern, right: Pattern): Ternary {
  if (meet(left, right)) return true;
  return [...left, ...right].some(isUnknown) && meet(widened(left), widened(right)) ? undefined : false;
}

/** Follows all ways to match at once, so that no pattern takes long. */
function accepts(pattern: Pattern, text: readonly string[]): boolean {
  let states = closure(pattern, [0]);
  for (const symbol of text) {
    states = step(pattern, states, symbol);
    if (states.length === 0) return false;
  }
  return states.at(-1) === pattern.length;
}

function includes(outer: Pattern, inner: Pattern): Ternary {
  const alphabet = alphabetOf(outer, inner);
  const start = { at: closure(inner, [0]), outer: closure(outer, [0]) };
  const open = [start];
  const seen = new Set([keyOf(start)]);
  for (let pair = open.pop(); pair; pair = open.pop()) {
    if (pair.at.at(-1) === inner.length && pair.outer.at(-1) !== outer.length) return false;
    for (const symbol of alphabet) {
      const at = step(inner, pair.at, symbol);
      if (at.length === 0) continue;
      const next = { at, outer: step(outer, pair.outer, symbol) };
      const key = keyOf(next);
      if (seen.has(key)) continue;
      if (seen.size >= largestSearch) return undefined;
      seen.add(key);
      open.push(next);
    }
  }
  return true;
}

/** Whether a text matches both, with an unknown as a symbol of its own. */
function meet(left: Pattern, right: Pattern): boolean {
  const open: (readonly [number, number])[] = [[0, 0]];
  const seen = new Set(["0 0"]);
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const lefts = closure(left, [pair[0]]);
    const rights = closure(right, [pair[1]]);
    if (lefts.at(-1) === left.length && rights.at(-1) === right.length) return true;
    // Symbols that neither pattern names here lead where `other` leads.
    const here = [...lefts.map((at) => left[at]), ...rights.map((at) => right[at])];
    for (const symbol of alphabetOf(here.filter((element) => element !== undefined))) {
      const nextRights = step(right, rights, symbol);
      if (nextRights.length === 0) continue;
      for (const nextLeft of step(left, lefts, symbol)) {
        for (const nextRight of nextRights) {
          const key = `${nextLeft} ${nextRight}`;
          if (seen.has(key)) continue;
          seen.add(key);
          open.push([nextLeft, nextRight]);
        }
      }
    }
  }
  return false;
}

/** The positions in a pattern, ascending, that one symbol leads to. */
function step(pattern: Pattern, states: readonly number[], symbol: string): readonly number[] {
  const next: number[] = [];
  for (const state of states) {
    const element = pattern[state];
    if (element === undefined) continue;
    if (isSymbol(element)) {
      if (element === symbol) next.push(state + 1);
    } else if (takes(element, symbol)) next.push(element.many ? state : state + 1);
  }
  return closure(pattern, next);
}

/** A wildcard may match nothing of a `*`: adds the positions after it. */
function closure(pattern: Pattern, states: readonly number[]): readonly number[] {
  const result: number[] = [];
  for (const state of states) {
    let at = state;
    while (at > (result.at(-1) ?? -1)) {
      result.push(at);
      const element = pattern[at];
      if (element === undefined || isSymbol(element) || !element.many) break;
      at += 1;
    }
  }
  return result;
}

/** What an unknown stands for may be empty, long, or contain colons. */
function takes(wildcard: Wildcard, symbol: string): boolean {
  if (isUnknownSymbol(symbol)) return wildcard.many && wildcard.colons;
  return symbol !== ":" || wildcard.colons;
}

function isUnknown(element: string | Wildcard): boolean {
  return isSymbol(element) && isUnknownSymbol(element);
}

function alphabetOf(...patterns: readonly Pattern[]): ReadonlySet<string> {
  return new Set([...patterns.flatMap((pattern) => pattern.filter(isSymbol)), ":", other]);
}

function keyOf({ at, outer }: { readonly at: readonly number[]; readonly outer: readonly number[] }): string {
  return `${at.join(",")} ${outer.join(",")}`;
}
