import { type Answer, type Call, type Gap, hasSucceeded, type RequestHead } from "./gap";

interface PatchOperation {
  readonly op: string;
  /** JSON pointer (RFC 6901) of a setting, for example `/requestModels/application~1json`. */
  readonly path: string;
  readonly value?: unknown;
}

type Settings = Record<string, unknown>;

/** Settings whose values are text, though one may read as a boolean. */
const texts = /^(?:variables|requestTemplates|responseTemplates|description|name)$/;

/**
 * A part of an API that is updated, by UpdateMethod and its like, reads back as it was meant: MiniStack keeps each
 * value as the text that the call has (and a boolean or number as text is what no SDK can read), and does not decode
 * the names of nested settings.
 */
export class ApiUpdates implements Gap {
  readonly name = "api-updates";

  concerns({ method, path }: RequestHead): boolean {
    // A stage's settings have paths of their own, which MiniStack knows.
    return method === "PATCH" && /^\/restapis\/[^/]+/.test(path) && !/\/stages\//.test(path);
  }

  async intercept(call: Call): Promise<Answer> {
    const { patchOperations } = JSON.parse(call.body.toString());
    const current = await call.pass({ method: "GET", body: Buffer.alloc(0) });
    if (!hasSucceeded(current)) return call.pass();
    const isIntegration = call.head.path.includes("/integration");
    const merged = merge(JSON.parse(current.body.toString()), patchOperations, isIntegration);
    return call.pass({ body: Buffer.from(JSON.stringify({ patchOperations: merged })) });
  }
}

/** One replacement of each setting that is touched, whole, so that no name is left to be decoded. */
export function merge(
  current: Settings,
  operations: readonly PatchOperation[],
  isIntegration: boolean,
): PatchOperation[] {
  const changed = new Map<string, unknown>();
  for (const { op, path, value } of operations) {
    const [setting = "", ...names] = path.slice(1).split("/").map(decode);
    const typed = isText(setting, isIntegration) ? value : typedValue(value);
    const name = names.join("/");
    if (!name) changed.set(setting, op === "remove" ? undefined : typed);
    else {
      const nested = { ...((changed.get(setting) ?? current[setting] ?? {}) as Settings) };
      if (op === "remove") delete nested[name];
      else nested[name] = typed;
      changed.set(setting, nested);
    }
  }
  return [...changed].map(([setting, value]) => {
    const path = `/${setting}`;
    return value === undefined ? { op: "remove", path } : { op: "replace", path, value };
  });
}

function isText(setting: string, isIntegration: boolean): boolean {
  // An integration's parameters are expressions; a method's are booleans.
  return texts.test(setting) || (isIntegration && setting === "requestParameters");
}

function typedValue(value: unknown): unknown {
  if (value === "true" || value === "false") return value === "true";
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

function decode(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
