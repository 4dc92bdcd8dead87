import { type Answer, type Call, jsonAnswer, type RequestHead } from "../gap";
import { errorToXml, parseQuery, toXml } from "./query-protocol";

type Fields = Readonly<Record<string, unknown>>;

const namespace = "http://monitoring.amazonaws.com/doc/2010-08-01/";

/** Whether a call is in the query protocol. All others are in JSON: the gap cloud-watch-cbor translates calls in CBOR. */
export function isQuery({ headers }: RequestHead): boolean {
  return headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
}

/** The action of a call of CloudWatch's API, and its input. */
export function readCall({ head, body }: Call): { readonly action: string; readonly input: Fields } {
  if (!isQuery(head)) return { action: head.action ?? "", input: JSON.parse(body.toString() || "{}") };
  const { Action, Version, ...input } = parseQuery(body.toString());
  return { action: `${Action}`, input };
}

/** The call's body without some fields of its input. */
export function bodyWithout({ head, body }: Call, names: readonly string[]): Buffer {
  const isKept = ([name]: readonly [string, unknown]) => !names.includes(name.split(".")[0] ?? "");
  if (isQuery(head)) {
    const fields = [...new URLSearchParams(body.toString())].filter(isKept);
    return Buffer.from(`${new URLSearchParams(fields)}`);
  }
  const fields = Object.entries(JSON.parse(body.toString())).filter(isKept);
  return Buffer.from(JSON.stringify(Object.fromEntries(fields)));
}

/** Changes the output of a response in JSON. */
export function changedOutput(
  answer: Answer,
  change: (output: Readonly<Record<string, readonly Fields[] | undefined>>) => Fields,
): Answer {
  return jsonAnswer(answer, change(JSON.parse(answer.body.toString())));
}

/** What CloudWatch returns if it rejects a call's input, in the call's protocol. The protocols name the error differently. */
export function validationError({ head }: Call, message: string): Answer {
  const code = "ValidationError";
  if (isQuery(head)) {
    const body = errorToXml(namespace, { Type: "Sender", Code: code, Message: message });
    return { status: 400, rawHeaders: ["Content-Type", "text/xml"], body: Buffer.from(body) };
  }
  return {
    status: 400,
    rawHeaders: ["Content-Type", "application/x-amz-json-1.0", "x-amzn-query-error", `${code};Sender`],
    body: Buffer.from(JSON.stringify({ __type: "com.amazonaws.cloudwatch#ValidationException", message })),
  };
}

/** A response in the query protocol. @param output as in JSON, where timestamps are seconds since the epoch */
export function queryAnswer(action: string, output: Fields): Answer {
  const body = toXml(action, namespace, withDates(output));
  return { status: 200, rawHeaders: ["Content-Type", "text/xml"], body: Buffer.from(body) };
}

function withDates(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, withDate(name, value)]));
}

function withDate(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withDate(name, item));
  if (typeof value === "number" && name.endsWith("Timestamp")) return new Date(value * 1000);
  return typeof value === "object" && value !== null ? withDates(value as Fields) : value;
}
