import { BlockList, isIP } from "node:net";
import { arnPattern, globPattern, lowerCased, type Pattern, type Piece } from "./pattern";
import { matches } from "./pattern-sets";
import { hasUnknown, symbolsOf, type Ternary } from "./unknown";

/** Compares a value of a request with one of a policy. */
export type Comparison = (policyValue: readonly Piece[], requestValue: string) => Ternary;

export interface Operator {
  /** As written in the policy. */
  readonly name: string;
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
  const negated = /^\w*Not\w+/.test(base) && base !== "Null";
  const positive = base.replace("Not", "");
  const compare = comparisons[positive];
  if (base === "Null" ? ifExists : !compare || (negated && ordering.test(positive))) return undefined;
  return {
    name,
    compare,
    negated,
    ifExists: ifExists !== undefined,
    quantifier: quantifier as Operator["quantifier"],
    variables: /^(?:String|Arn)/.test(base),
  };
}

const ordering = /Than|^Bool$|^BinaryEquals$/;

const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: (policy, request) => matches(literal(policy), symbolsOf(request)),
  StringEqualsIgnoreCase: (policy, request) => matches(lowerCased(literal(policy)), foldedSymbols(request)),
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
};

function literal(pieces: readonly Piece[]): Pattern {
  return symbolsOf(textOf(pieces));
}

function arnLike(policy: readonly Piece[], request: string): Ternary {
  return matches(arnPattern(policy, "condition"), symbolsOf(request));
}

function foldedSymbols(text: string): readonly string[] {
  return lowerCased(symbolsOf(text)) as readonly string[];
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

/** ISO 8601, or seconds since the epoch. A time without a zone is in UTC. */
function millisecondsOf(text: string): number {
  if (/^-?\d+(?:\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) return Number(text) * 1000;
  const zoned = !text.includes("T") || /(?:Z|[-+]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`;
  return Date.parse(zoned);
}

function isInRange(range: string, address: string): boolean {
  const [network = "", prefix] = range.split("/");
  const versions = [isIP(network), isIP(address)];
  if (versions[0] === 0 || versions[0] !== versions[1]) return false;
  const family = versions[0] === 4 ? "ipv4" : "ipv6";
  const bits = prefix === undefined ? (family === "ipv4" ? 32 : 128) : Number(prefix);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === "ipv4" ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, family);
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}
