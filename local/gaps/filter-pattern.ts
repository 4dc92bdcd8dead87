/**
 * Whether a value fits an event pattern, as the filter criteria of mappings have them: fields by name, for each a list of
 * what it may be. Numbers of DynamoDB are text.
 * @throws Error where a comparison is not known here
 */
export function fitsPattern(pattern: unknown, value: unknown): boolean {
  return Object.entries(pattern as object).every(([name, allowed]) => {
    if (name === "$or") return (allowed as readonly unknown[]).some((one) => fitsPattern(one, value));
    const found = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
    if (!Array.isArray(allowed)) return fitsPattern(allowed, found);
    // Of a list, one that fits is enough.
    const candidates = Array.isArray(found) ? found : [found];
    return allowed.some((condition) => candidates.some((candidate) => fits(condition, candidate)));
  });
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
