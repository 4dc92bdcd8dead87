import { type Answer, type Call, type Gap, hasSucceeded, type RequestHead } from "./gap";
import { apiInvocation } from "./shared/deployed-apis";

interface PatchOperation {
  readonly op: string;
  /** JSON pointer (RFC 6901) of a setting, for example `/requestModels/application~1json`. */
  readonly path: string;
  readonly value?: unknown;
}

type Settings = Record<string, unknown>;

/** Settings whose values are text, even if they look like a boolean or a number. */
const texts = /^(?:variables|requestTemplates|responseTemplates|description|name)$/;

/**
 * Makes updates of a method, integration or validator (UpdateMethod and the like) read back correctly. MiniStack stores
 * every value as text, but the SDKs cannot read a boolean or a number as text. It also does not decode the names of nested
 * settings.
 */
export class ApiUpdates implements Gap {
  readonly name = "api-updates";

  claims(head: RequestHead): boolean {
    const { method, path } = head;
    // A request to a deployed API has a path that begins alike.
    if (method !== "PATCH" || apiInvocation(head)) return false;
    // The paths of a stage's settings follow other rules, which MiniStack implements.
    return /^\/restapis\/[^/]+/.test(path) && !/\/stages\//.test(path);
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

/** Replaces each updated setting as a whole, with typed values, so that MiniStack has no names to decode. */
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
  // An integration's request parameters are expressions; a method's are booleans.
  return texts.test(setting) || (isIntegration && setting === "requestParameters");
}

function typedValue(value: unknown): unknown {
  if (value === "true" || value === "false") return value === "true";
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

function decode(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
