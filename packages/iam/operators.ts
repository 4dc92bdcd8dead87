import { BlockList, isIP } from "node:net";
import { arnPattern, globPattern, lowerCased, lowerCasedSymbols, type Pattern, type Piece } from "./pattern";
import { matches } from "./pattern-sets";
import { hasUnknown, symbolsOf, type Ternary } from "./unknown";

/** Compares a value of a request with one of a policy. */
export type Comparison = (policyValue: readonly Piece[], requestValue: string) => Ternary;

export interface Operator {
  /** Undefined for Null. */
  readonly compare: Comparison | undefined;
  /** As in StringNotEquals: it holds if no value compares. */
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly quantifier: "ForAllValues" | "ForAnyValue" | undefined;
  /** Policy variables are for strings and ARNs only. */
  readonly variables: boolean;
}

/** @returns undefined if IAM has no such operator */
export function parseOperator(name: string): Operator | undefined {
  const parts = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name);
  const [, quantifier, base = "", ifExists] = parts ?? [];
  const positive = negations.get(base) ?? base;
  const compare = comparisons.get(positive);
  if (base === "Null" ? ifExists : !compare) return undefined;
  return {
    compare,
    negated: negations.has(base),
    ifExists: ifExists !== undefined,
    quantifier: quantifier as Operator["quantifier"],
    variables: /^(?:String|Arn)/.test(base),
  };
}

const comparisons: ReadonlyMap<string, Comparison> = new Map(
  Object.entries({
    StringEquals: (policy, request) => matches(literal(policy), symbolsOf(request)),
    StringEqualsIgnoreCase: (policy, request) =>
      matches(lowerCased(literal(policy)), lowerCasedSymbols(request)),
    StringLike: (policy, request) => matches(globPattern(policy), symbolsOf(request)),
    ArnEquals: arnLike,
    ArnLike: arnLike,
    NumericEquals: numeric((request, policy) => request === policy),
    NumericLessThan: numeric((request, policy) => request < policy),
    NumericLessThanEquals: numeric((request, policy) => request <= policy),
    NumericGreaterThan: numeric((request, policy) => request > policy),
    NumericGreaterThanEquals: numeric((request, policy) => request >= policy),
    DateEquals: date((request, policy) => request === policy),
    DateLessThan: date((request, policy) => request < policy),
    DateLessThanEquals: date((request, policy) => request <= policy),
    DateGreaterThan: date((request, policy) => request > policy),
    DateGreaterThanEquals: date((request, policy) => request >= policy),
    Bool: known((policy, request) => policy.toLowerCase() === request.toLowerCase()),
    BinaryEquals: known((policy, request) =>
      Buffer.from(policy, "base64").equals(Buffer.from(request, "base64")),
    ),
    IpAddress: known(isInRange),
  }),
);

/** By the name of a negated operator, the one that it negates. */
const negations: ReadonlyMap<string, string> = new Map([
  ["NotIpAddress", "IpAddress"],
  ...[
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "ArnEquals",
    "ArnLike",
    "NumericEquals",
    "DateEquals",
  ].map((name) => [name.replace(/(?=Equals|Like)/, "Not"), name] as const),
]);

function literal(pieces: readonly Piece[]): Pattern {
  return symbolsOf(textOf(pieces));
}

function arnLike(policy: readonly Piece[], request: string): Ternary {
  return matches(arnPattern(policy, "condition"), symbolsOf(request));
}

/** A comparison of whole values, of which nothing can be said if one of them is unknown. */
function known(compare: (policy: string, request: string) => boolean): Comparison {
  return (pieces, request) => {
    const policy = textOf(pieces);
    return hasUnknown(policy) || hasUnknown(request) ? undefined : compare(policy, request);
  };
}

function numeric(compare: (request: number, policy: number) => boolean): Comparison {
  return known((policy, request) => compare(numberOf(request), numberOf(policy)));
}

/** NaN, which compares with nothing, for what is no number. */
function numberOf(text: string): number {
  return /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
}

function date(compare: (request: number, policy: number) => boolean): Comparison {
  return known((policy, request) => compare(millisecondsOf(request), millisecondsOf(policy)));
}

/** ISO 8601 in the forms of W3C, or seconds since the epoch. NaN for anything else. A time without a zone is in UTC. */
function millisecondsOf(text: string): number {
  const [isDate, time, zone] = w3cDate.exec(text) ?? [];
  if (isDate !== undefined) return Date.parse(time && !zone ? `${text}Z` : text);
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Number.NaN;
}

const w3cDate = /^\d{4}(?:-\d\d(?:-\d\d(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[-+]\d\d:?\d\d)?)?)?)?$/i;

function isInRange(range: string, address: string): boolean {
  const [, network = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const version = isIP(network);
  if (version === 0 || version !== isIP(address)) return false;
  const [family, most] = version === 4 ? (["ipv4", 32] as const) : (["ipv6", 128] as const);
  const bits = Number(prefix ?? most);
  if (bits > most) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, family);
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}
