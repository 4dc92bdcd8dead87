/** One value that differs. */
export interface Difference {
  /** For example `environment[0].variables.TABLE_NAME`. */
  readonly path: string;
  /** Undefined if it is missing. */
  readonly is: unknown;
  /** Undefined if it should not be there. */
  readonly shouldBe: unknown;
}

/**
 * Compares two values of an attribute. Absent, empty, zero and false are the same, because the provider reads one where it
 * wrote another. A document in JSON, such as a policy, is compared by meaning and not by order.
 */
export function differencesOf(shouldBe: unknown, is: unknown, path = ""): readonly Difference[] {
  if (canonical(is) === canonical(shouldBe)) return [];
  const documents = [shouldBe, is].map(documentOf);
  if (documents.every((document) => document !== undefined)) {
    return differencesIn(readable(documents[0]), readable(documents[1]), path, true);
  }
  return differencesIn(shouldBe, is, path, false);
}

function differencesIn(
  shouldBe: unknown,
  is: unknown,
  path: string,
  isDocument: boolean,
): readonly Difference[] {
  const next = (expected: unknown, actual: unknown, child: string) =>
    isDocument ? differencesInDocument(expected, actual, child) : differencesOf(expected, actual, child);
  if (isObject(shouldBe) && isObject(is)) {
    return [...new Set([...Object.keys(shouldBe), ...Object.keys(is)])].flatMap((key) =>
      next(shouldBe[key], is[key], path ? `${path}.${key}` : key),
    );
  }
  if (!Array.isArray(shouldBe) || !Array.isArray(is)) return [{ path, is, shouldBe }];
  const expected = withoutCommon(shouldBe, is, isDocument);
  const actual = withoutCommon(is, shouldBe, isDocument);
  if (expected.length === 0 && actual.length === 0) {
    return isDocument ? [] : [{ path, is: "in another order", shouldBe: "in the order of the state" }];
  }
  if (expected.length === actual.length) {
    return expected.flatMap(({ value, index }, position) =>
      next(value, actual[position]?.value, `${path}[${index}]`),
    );
  }
  return [
    ...expected.map(({ value, index }) => ({ path: `${path}[${index}]`, is: undefined, shouldBe: value })),
    ...actual.map(({ value, index }) => ({ path: `${path}[${index}]`, is: value, shouldBe: undefined })),
  ];
}

function differencesInDocument(shouldBe: unknown, is: unknown, path: string): readonly Difference[] {
  if (canonical(is, true) === canonical(shouldBe, true)) return [];
  return differencesIn(shouldBe, is, path, true);
}

/** The elements of a list that another one does not have, each as often as it is missing there. */
function withoutCommon(list: readonly unknown[], other: readonly unknown[], isDocument: boolean) {
  const left = other.map((value) => canonical(value, isDocument));
  return list
    .map((value, index) => ({ value, index }))
    .filter(({ value }) => {
      const found = left.indexOf(canonical(value, isDocument));
      if (found >= 0) left.splice(found, 1);
      return found < 0;
    });
}

/** Text that is equal for equal values. */
function canonical(value: unknown, isDocument = false): string {
  const document = isDocument ? undefined : documentOf(value);
  if (document !== undefined) return canonical(readable(document), true);
  if (!isDocument && isEmpty(value)) return "absent";
  if (Array.isArray(value)) {
    const elements = value.map((element) => canonical(element, isDocument));
    return `[${(isDocument ? elements.sort() : elements).join()}]`;
  }
  if (!isObject(value)) return JSON.stringify(value) ?? "absent";
  const members = Object.entries(value)
    .filter(([, member]) => isDocument || !isEmpty(member))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member, isDocument)}`);
  return `{${members.sort().join()}}`;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (value === false || value === 0) return true;
  return typeof value === "object" && Object.values(value).every(isEmpty);
}

/** The object that a string contains as JSON. */
function documentOf(value: unknown): object | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** In a policy, one value and a list with one value mean the same. Then both are lists, and paths are the same. */
function readable(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((element) => readable(element));
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, readable(member, name)]));
  }
  return /^(?:Action|NotAction|Resource|NotResource|AWS|Service|Federated|[a-z0-9-]+:\w+)$/i.test(key)
    ? [value]
    : value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
