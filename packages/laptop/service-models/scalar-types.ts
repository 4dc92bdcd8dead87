import type { ScalarShape } from "./shapes";
import { SerializationError } from "./violation";

const names: Readonly<Record<string, string>> = {
  string: "String",
  blob: "Blob",
  boolean: "Boolean",
  integer: "Integer",
  long: "Long",
  float: "Float",
  double: "Double",
  timestamp: "Timestamp",
};

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** What JSON has no numbers for. */
const specialNumbers = new Set(["NaN", "Infinity", "-Infinity"]);

/** @throws SerializationError if a JSON or CBOR value is of another type than its shape */
export function checkScalarType(type: ScalarShape["type"], value: unknown, path: string): void {
  if (hasType(type, value)) return;
  if (Array.isArray(value)) throw new SerializationError("Start of list found where not expected", path);
  if (typeof value === "object")
    throw new SerializationError("Start of structure or map found where not expected", path);
  throw new SerializationError(`${token(value)} cannot be converted to ${names[type] ?? type}`, path);
}

function hasType(type: ScalarShape["type"], value: unknown): boolean {
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
    case "long":
      return typeof value === "number" || typeof value === "bigint";
    case "float":
    case "double":
    case "bigdecimal":
      return typeof value === "number" || typeof value === "bigint" || specialNumbers.has(String(value));
    case "timestamp":
      return typeof value === "number" || (typeof value === "string" && !Number.isNaN(Date.parse(value)));
    case "blob":
      return value instanceof Uint8Array || (typeof value === "string" && base64.test(value));
    default:
      return typeof value === "string";
  }
}

function token(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? "NUMBER_VALUE" : "DECIMAL_VALUE";
  return typeof value === "boolean" ? `${value}`.toUpperCase().concat("_VALUE") : "STRING_VALUE";
}
