import { type Answer, type Call, jsonAnswer, type RequestHead } from "../gap";
import { parseQuery, toXml } from "./query-protocol";

type Fields = Readonly<Record<string, unknown>>;

/** Whether a call is in the query protocol. All others are in JSON: the gap cloud-watch-cbor translates those in CBOR. */
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

/** A response in the query protocol. */
export function queryAnswer(action: string, output: object): Answer {
  const body = toXml(action, "http://monitoring.amazonaws.com/doc/2010-08-01/", output);
  return { status: 200, rawHeaders: ["Content-Type", "text/xml"], body: Buffer.from(body) };
}
