import { cbor } from "@smithy/core/cbor";
import type { Input } from "./check-input";
import { SerializationError } from "./violation";

/** @throws SerializationError if a body is not a CBOR map */
export function readCbor(body: Buffer): Input {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = plain(cbor.deserialize(body));
  } catch {
    throw new SerializationError("Could not parse request body into CBOR");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SerializationError("Unexpected value type in payload");
  }
  return value as Input;
}

/** A tag says that a number is a timestamp. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if ("tag" in value && "value" in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
