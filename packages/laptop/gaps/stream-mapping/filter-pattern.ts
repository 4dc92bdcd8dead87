type Fields = Readonly<Record<string, unknown>>;

/**
 * Whether a value matches a filter pattern of a mapping: field names, each with a list of allowed values or comparisons.
 * Numbers in DynamoDB records are text.
 * @throws Error if a comparison is not supported here
 */
export function matchesPattern(pattern: unknown, value: unknown): boolean {
  return Object.entries(pattern as object).every(([name, allowed]) => {
    if (name === "$or") return (allowed as readonly unknown[]).some((one) => matchesPattern(one, value));
    // In a list, one matching entry is enough.
    const candidates = entries(value).flatMap((entry) => (Object.hasOwn(entry, name) ? entry[name] : []));
    if (candidates.length === 0) candidates.push(undefined);
    if (!Array.isArray(allowed)) return candidates.some((candidate) => matchesPattern(allowed, candidate));
    return allowed.some((condition) => candidates.some((candidate) => matches(condition, candidate)));
  });
}

/** The objects in a list, or a single object. */
function entries(value: unknown): readonly Fields[] {
  return [value].flat().filter((entry): entry is Fields => typeof entry === "object" && entry !== null);
}

function matches(condition: unknown, value: unknown): boolean {
  if (typeof condition !== "object" || condition === null) return value === condition;
  const [[comparison, operand] = ["none"]] = Object.entries(condition);
  const compare = comparisons[comparison];
  if (!compare) throw new Error(`the filter comparison "${comparison}" is not supported on a laptop`);
  return compare(operand, value);
}

const comparisons: Readonly<Record<string, (operand: unknown, value: unknown) => boolean>> = {
  exists: (operand, value) => (value !== undefined) === operand,
  prefix: (operand, value) => typeof value === "string" && value.startsWith(`${operand}`),
  suffix: (operand, value) => typeof value === "string" && value.endsWith(`${operand}`),
  "equals-ignore-case": (operand, value) =>
    typeof value === "string" && value.toLowerCase() === `${operand}`.toLowerCase(),
  "anything-but": (operand, value) =>
    value !== undefined && ![operand].flat().some((excluded) => matches(excluded, value)),
  numeric: (operand, value) => {
    if (typeof value !== "number") return false;
    const terms = operand as readonly (string | number)[];
    return terms.every(
      (term, index) => index % 2 === 1 || isWithin(value, `${term}`, Number(terms[index + 1])),
    );
  },
};

function isWithin(value: number, operator: string, bound: number): boolean {
  if (operator === "=") return value === bound;
  if (operator === "<") return value < bound;
  if (operator === "<=") return value <= bound;
  return operator === ">" ? value > bound : value >= bound;
}
