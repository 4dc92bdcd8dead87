import type { Constraint } from "./constraints";
import { checkScalarType } from "./scalar-types";
import type { ListShape, MapShape, ScalarShape, Shape, StructureShape } from "./shapes";
import { SerializationError, type Violation } from "./violation";

/** A request's input: a value per member, by the member's key. */
export type Input = Readonly<Record<string, unknown>>;

/**
 * Finds what breaks the model's rules. Members that the model does not know are not looked at.
 * @throws SerializationError at the first value of another type
 */
export function checkInput(shape: StructureShape, input: Input): readonly Violation[] {
  const violations: Violation[] = [];
  for (const { key, label, location, required, shape: inner } of shape.members) {
    const checker = new Checker(violations, location === undefined);
    const value = input[key];
    if (value !== undefined && value !== null) checker.check(inner, value, label);
    else if (required) checker.missing(label);
  }
  return violations;
}

class Checker {
  constructor(
    private readonly violations: Violation[],
    private readonly inBody: boolean,
  ) {}

  check(shape: Shape, value: unknown, path: string): void {
    switch (shape.type) {
      case "structure":
        this.checkStructure(shape, value, path);
        break;
      case "list":
        this.checkList(shape, value, path);
        break;
      case "map":
        this.checkMap(shape, value, path);
        break;
      default:
        this.checkScalar(shape, value, path);
    }
  }

  missing(path: string): void {
    const { inBody } = this;
    const rule = "Member must not be null";
    this.violations.push({
      kind: "required",
      path,
      value: undefined,
      sensitive: false,
      rule,
      limit: "",
      inBody,
    });
  }

  private checkStructure(shape: StructureShape, value: unknown, path: string): void {
    if (shape.document) return;
    if (!isObject(value)) throw unexpected(value, "structure", path);
    for (const member of shape.members) {
      const inner = value[member.key];
      const innerPath = `${path}.${member.label}`;
      if (inner !== undefined && inner !== null) this.check(member.shape, inner, innerPath);
      else if (member.required) this.missing(innerPath);
    }
  }

  private checkList(shape: ListShape, value: unknown, path: string): void {
    if (!Array.isArray(value)) throw unexpected(value, "list", path);
    this.apply(shape.constraints, value, value, path);
    const { item } = shape;
    if (!isScalar(item)) {
      for (const [index, inner] of value.entries()) {
        if (inner !== null) this.check(item, inner, `${path}.${index + 1}.member`);
      }
      return;
    }
    for (const inner of value) if (inner !== null) checkScalarType(item.type, inner, path);
    const items = value.filter((inner) => inner !== null);
    this.applyToEach(item, items, value, path, "Member must satisfy constraint");
  }

  private checkMap(shape: MapShape, value: unknown, path: string): void {
    if (!isObject(value)) throw unexpected(value, "map", path);
    this.apply(shape.constraints, value, value, path);
    const { key, value: item } = shape;
    const sensitive = isScalar(item) && item.sensitive;
    if (isScalar(key)) {
      const shown = { ...key, sensitive: key.sensitive || sensitive };
      this.applyToEach(shown, Object.keys(value), value, path, "Map keys must satisfy constraint");
    }
    const entries = Object.entries(value).filter(([, inner]) => inner !== null);
    if (!isScalar(item)) {
      for (const [name, inner] of entries) this.check(item, inner, `${path}.${name}.member`);
      return;
    }
    const values = entries.map(([, inner]) => inner);
    for (const inner of values) checkScalarType(item.type, inner, path);
    this.applyToEach(item, values, value, path, "Map value must satisfy constraint");
  }

  private checkScalar(shape: ScalarShape, value: unknown, path: string): void {
    checkScalarType(shape.type, value, path);
    this.apply(shape.constraints, value, value, path, shape.sensitive);
  }

  private apply(
    constraints: readonly Constraint[],
    value: unknown,
    shown: unknown,
    path: string,
    sensitive = false,
  ): void {
    for (const { kind, text, limit, holds } of constraints) {
      if (!holds(value)) this.add({ kind, limit }, text, shown, path, sensitive);
    }
  }

  /** AWS reports a list or map of plain values whole, with every rule for its values. */
  private applyToEach(
    { type, constraints, sensitive }: ScalarShape,
    values: readonly unknown[],
    shown: unknown,
    path: string,
    words: string,
  ): void {
    const broken = constraints.find(({ holds }) => !values.every((value) => holds(value)));
    if (!broken) return;
    const rules = constraints.map(({ text }) => text).join(", ");
    const isDecimal = type === "double" || type === "float";
    this.add(broken, `${words}: [${rules}]`, isDecimal ? withDecimals(shown) : shown, path, sensitive);
  }

  private add(
    { kind, limit }: Pick<Constraint, "kind" | "limit">,
    rule: string,
    shown: unknown,
    path: string,
    sensitive: boolean,
  ): void {
    const value = sensitive ? undefined : asJavaPrints(shown);
    this.violations.push({ kind, path, value, sensitive, rule, limit, inBody: this.inBody });
  }
}

function isScalar(shape: Shape): shape is ScalarShape {
  return shape.type !== "structure" && shape.type !== "list" && shape.type !== "map";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function unexpected(value: unknown, expected: string, path: string): SerializationError {
  if (Array.isArray(value)) return new SerializationError("Start of list found where not expected", path);
  if (typeof value === "object")
    return new SerializationError("Start of structure or map found where not expected", path);
  return new SerializationError(`Unexpected value where a ${expected} is expected`, path);
}

/** Long values are cut: they may be whole documents. */
const longestShown = 300;

function asJavaPrints(value: unknown): string {
  const printed = print(value);
  return printed.length > longestShown ? `${printed.slice(0, longestShown)}…` : printed;
}

/** Java prints a floating-point number with at least one decimal. */
function withDecimals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDecimals);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withDecimals(inner)]));
  return Number.isInteger(value) ? `${value}.0` : value;
}

function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(print).join(", ")}]`;
  if (!isObject(value)) return String(value);
  return `{${Object.entries(value)
    .map(([name, inner]) => `${name}=${print(inner)}`)
    .join(", ")}}`;
}
