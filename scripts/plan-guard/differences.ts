import type { Change } from "./terraform-plan";

type Path = readonly (string | number)[];

/** A longer value is not shown, only its attribute's name. */
const longestValue = 60;

/** The attributes that force a replacement, with their values unless these must not be shown. */
export function forcedBy(change: Change): readonly string[] {
  return (change.replace_paths ?? []).map((path) => difference(change, path));
}

/** The attributes that change, with their values unless these must not be shown. */
export function differences(change: Change): readonly string[] {
  const names = new Set(
    [change.before, change.after, change.after_unknown].flatMap((value) =>
      value && typeof value === "object" ? Object.keys(value) : [],
    ),
  );
  return [...names]
    .filter((name) => changes(change, name))
    .sort()
    .map((name) => difference(change, [name]));
}

/** A computed attribute that had no value before is not worth showing. */
function changes(change: Change, name: string): boolean {
  const before = at(change.before, [name]) ?? undefined;
  if (isUnknown(change, [name])) return before !== undefined;
  return JSON.stringify(before) !== JSON.stringify(at(change.after, [name]) ?? undefined);
}

/** An attribute with its values, unless these must not be shown. */
export function shownDifference(attribute: {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: boolean;
  readonly sensitive: boolean;
}): string {
  const { path, sensitive } = attribute;
  if (sensitive) return `${path} (sensitive)`;
  const before = shown(attribute.before);
  const after = attribute.unknown ? "known after apply" : shown(attribute.after);
  return before === undefined || after === undefined ? path : `${path}: ${before} → ${after}`;
}

function difference(change: Change, path: Path): string {
  const name = path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index > 0 ? `.${part}` : part))
    .join("");
  return shownDifference({
    path: name,
    before: at(change.before, path),
    after: at(change.after, path),
    unknown: isUnknown(change, path),
    sensitive: isMarked(change.before_sensitive, path) || isMarked(change.after_sensitive, path),
  });
}

/** @returns undefined for a value that is too long, or that may have a sensitive value inside it */
function shown(value: unknown): string | undefined {
  if (value === undefined || value === null) return "none";
  if (typeof value === "object") return undefined;
  const text = JSON.stringify(value);
  return text.length <= longestValue ? text : undefined;
}

function isUnknown(change: Change, path: Path): boolean {
  return isMarked(change.after_unknown, path);
}

/** Whether this path is marked, or a path above or below it. A mark is `true` in place of the value. */
function isMarked(marks: unknown, [first, ...rest]: Path): boolean {
  if (marks === true) return true;
  if (first === undefined) return hasMark(marks);
  return isMarked(at(marks, [first]), rest);
}

function hasMark(marks: unknown): boolean {
  return (
    marks === true || (typeof marks === "object" && marks !== null && Object.values(marks).some(hasMark))
  );
}

function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[part];
  }
  return found;
}
