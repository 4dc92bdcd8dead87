import type { Shape } from "./shapes";
import { SerializationError } from "./violation";

const integer = /^[-+]?\d+$/;
const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$|^-?Infinity$|^NaN$/;

/**
 * Reads a value that the protocol sends as text.
 * @throws SerializationError if it is none of its type
 */
export function scalarOf({ type }: Shape, text: string, path: string): unknown {
  switch (type) {
    case "integer":
    case "long":
      if (!integer.test(text)) throw notA("integer", text, path);
      return Number(text);
    case "float":
    case "double":
      if (!decimal.test(text)) throw notA("number", text, path);
      return Number(text);
    case "boolean":
      if (!/^(?:true|false)$/i.test(text)) throw notA("boolean", text, path);
      return text.toLowerCase() === "true";
    case "timestamp":
      if (Number.isNaN(Date.parse(text)) && !decimal.test(text)) throw notA("timestamp", text, path);
      return decimal.test(text) ? Number(text) : text;
    default:
      return text;
  }
}

function notA(type: string, text: string, path: string): SerializationError {
  return new SerializationError(`'${text.slice(0, 100)}' is not a valid ${type} for '${path}'`, path);
}
