import type { Input } from "./check-input";
import { SerializationError } from "./violation";

/** @throws SerializationError if a body is not a JSON object */
export function readJson(body: string): Input {
  if (body.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new SyntaxProblem("Could not parse request body into json: Unexpected character or end of input");
  }
  if (value === null) return {};
  if (Array.isArray(value)) throw new SerializationError("Start of list found where not expected");
  if (typeof value !== "object") throw new SerializationError("Unexpected value type in payload");
  return value as Input;
}

/** The body is not JSON. */
export class SyntaxProblem extends SerializationError {}
