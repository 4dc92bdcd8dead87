/** Forms have no types. These are the types of the fields of CloudWatch alarms. */
const numbers =
  /^(?:Period|EvaluationPeriods|DatapointsToAlarm|Threshold|MaxRecords|ActionsSuppressor(?:Wait|Extension)Period)$/;
const booleans = /^(?:ActionsEnabled|ReturnData)$/;
const lists = /^(?:\w*Actions|Dimensions|Metrics|Tags|AlarmNames|AlarmTypes)$/;

interface Tree {
  [name: string]: Tree | string;
}

/** Reads the input of a call in AWS's query protocol, in which `Dimensions.member.1.Name=x` is a list entry. */
export function parseQuery(form: string): Record<string, unknown> {
  const root: Tree = {};
  for (const [name, value] of new URLSearchParams(form)) {
    const parts = name.split(".").filter((part) => part !== "member");
    const last = parts.pop() ?? "";
    let node = root;
    for (const part of parts) {
      const below = node[part];
      const next: Tree = typeof below === "object" ? below : {};
      node[part] = next;
      node = next;
    }
    node[last] = value;
  }
  return Object.fromEntries(Object.entries(root).map(([name, value]) => [name, typed(name, value)]));
}

function typed(name: string, value: Tree | string): unknown {
  if (typeof value === "string") {
    // The SDKs send an empty list as an empty value.
    if (lists.test(name) && value === "") return [];
    if (numbers.test(name)) return Number(value);
    return booleans.test(name) ? value === "true" : value;
  }
  const entries = Object.entries(value).map(([below, item]) => [below, typed(below, item)] as const);
  if (!entries.every(([below]) => /^\d+$/.test(below))) return Object.fromEntries(entries);
  return entries.sort(([one], [other]) => Number(one) - Number(other)).map(([, item]) => item);
}

/** Writes an error in AWS's query protocol. */
export function errorToXml(namespace: string, error: object): string {
  const id = element("RequestId", crypto.randomUUID());
  return `<ErrorResponse xmlns="${namespace}">${element("Error", error)}${id}</ErrorResponse>`;
}

/** Writes the response of a call in AWS's query protocol. */
export function toXml(action: string, namespace: string, output: object): string {
  const result = element(`${action}Result`, output);
  const metadata = element("ResponseMetadata", { RequestId: crypto.randomUUID() });
  return `<${action}Response xmlns="${namespace}">${result}${metadata}</${action}Response>`;
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  return `<${name}>${content(value)}</${name}>`;
}

function content(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => element("member", item)).join("");
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, item]) => element(name, item))
      .join("");
  }
  return String(value).replaceAll(/[<>&"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
