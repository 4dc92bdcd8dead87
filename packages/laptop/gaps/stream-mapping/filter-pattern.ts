type Fields = Readonly<Record<string, unknown>>;

/**
 * Whether a value fits an event pattern, as the filter criteria of mappings have them: fields by name, for each a list of
 * what it may be. Numbers of DynamoDB are text.
 * @throws Error where a comparison is not known here
 */
export function fitsPattern(pattern: unknown, value: unknown): boolean {
  return Object.entries(pattern as object).every(([name, allowed]) => {
    if (name === "$or") return (allowed as readonly unknown[]).some((one) => fitsPattern(one, value));
    // Of a list, one that fits is enough.
    const candidates = entries(value).flatMap((entry) => (Object.hasOwn(entry, name) ? entry[name] : []));
    if (candidates.length === 0) candidates.push(undefined);
    if (!Array.isArray(allowed)) return candidates.some((candidate) => fitsPattern(allowed, candidate));
    return allowed.some((condition) => candidates.some((candidate) => fits(condition, candidate)));
  });
}

/** The objects of a list, or the one that is there. */
function entries(value: unknown): readonly Fields[] {
  return [value].flat().filter((entry): entry is Fields => typeof entry === "object" && entry !== null);
}

function fits(condition: unknown, value: unknown): boolean {
  if (typeof condition !== "object" || condition === null) return value === condition;
  const [[comparison, operand] = ["none"]] = Object.entries(condition);
  const compare = comparisons[comparison];
  if (!compare) throw new Error(`a filter's comparison "${comparison}" is not known here`);
  return compare(operand, value);
}

const comparisons: Readonly<Record<string, (operand: unknown, value: unknown) => boolean>> = {
  exists: (operand, value) => (value !== undefined) === operand,
  prefix: (operand, value) => typeof value === "string" && value.startsWith(`${operand}`),
  suffix: (operand, value) => typeof value === "string" && value.endsWith(`${operand}`),
  "equals-ignore-case": (operand, value) =>
    typeof value === "string" && value.toLowerCase() === `${operand}`.toLowerCase(),
  "anything-but": (operand, value) =>
    value !== undefined && ![operand].flat().some((excluded) => fits(excluded, value)),
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
