import { InvalidItemError } from "../items/item-errors";
import { numberProblem } from "../items/number-problem";
import { type ApiEvent, header } from "./api-event";
import { MalformedBodyError, UnsupportedMediaTypeError } from "./http-errors";

/** `application/json` or `application/<anything>+json`, with or without parameters. */
const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json\s*(?:;|$)/i;
/**
 * The codings that API Gateway decompresses by default. It passes the decompressed body on with the client's
 * Content-Encoding, and rejects any other coding with 415. docs/api-notes.md has the sources.
 */
const DECODED_BY_GATEWAY: readonly string[] = ["", "identity", "gzip", "deflate"];
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

/**
 * The request body, parsed as JSON. A body without a content type is treated as JSON, as API Gateway does.
 * API Gateway sends the body in base64 if its type is one of the API's binary media types.
 *
 * @throws UnsupportedMediaTypeError if the type is not JSON, the charset not UTF-8, or the coding not supported
 * @throws MalformedBodyError if the body is absent, not UTF-8 or not JSON
 * @throws InvalidItemError if a number in the body would not come back as it was sent
 */
export const readJsonBody = (event: ApiEvent): unknown => {
  requireJson(event);
  if (event.body === undefined || event.body === null || event.body.trim() === "") {
    throw new MalformedBodyError("The request has no body. Send the item as a JSON object.");
  }
  const text = event.isBase64Encoded === true ? decodeBase64(event.body) : event.body;
  const value = parse(text);
  const problem = numberProblem(text);
  if (problem !== undefined) throw new InvalidItemError(problem);
  return value;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedBodyError("The request body is not valid JSON.");
  }
};

const requireJson = (event: ApiEvent): void => {
  const contentType = header(event, "content-type") ?? "application/json";
  if (!JSON_TYPE.test(contentType.trim())) {
    throw new UnsupportedMediaTypeError("Send the body with Content-Type: application/json.");
  }
  const charset = CHARSET.exec(contentType)?.[1]?.toLowerCase() ?? "utf-8";
  if (charset !== "utf-8" && charset !== "utf8") {
    throw new UnsupportedMediaTypeError("Send the body in UTF-8. No other charset is supported.");
  }
  const coding = header(event, "content-encoding")?.trim().toLowerCase() ?? "identity";
  if (!DECODED_BY_GATEWAY.includes(coding)) {
    throw new UnsupportedMediaTypeError(
      "Send the body uncompressed, or with Content-Encoding: gzip or deflate.",
    );
  }
};

const decodeBase64 = (body: string): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(body, "base64"));
  } catch {
    throw new MalformedBodyError("The request body is not valid UTF-8.");
  }
};
