import type http from "node:http";
import type { RequestHead } from "../gaps/gap";

/** Under this path, the emulator answers the gateway alone. */
const internalPath = "/_laptop/";

/** A request on its way to the gaps and the emulator. */
export interface Incoming {
  readonly request: http.IncomingMessage;
  readonly head: RequestHead;
  /** Undefined if it has not been read. */
  readonly body?: Buffer;
  /** What the gateway tells the emulator about the request. */
  readonly marks: Readonly<Record<string, string>>;
}

/** The query protocol has its action in the body, so all of its calls count. */
export function mayChange({ method, action }: RequestHead): boolean {
  if (action) return !/^(?:BatchGet|Describe|Filter|Get|List|Lookup|Query|Scan|TransactGet)/.test(action);
  return method !== "GET" && method !== "HEAD";
}

/** The emulator decodes the path, and takes one that follows a host's name. */
export function isInternal({ url = "/" }: http.IncomingMessage): boolean {
  try {
    return decodeURIComponent(new URL(url, "http://gateway").pathname).startsWith(internalPath);
  } catch {
    return false;
  }
}

export function isSigned({ headers, url }: http.IncomingMessage): boolean {
  return headers.authorization !== undefined || (url?.includes("X-Amz-Signature=") ?? false);
}

/** Callers cannot set these headers themselves. */
export function marksOf(verdict: string | undefined): Incoming["marks"] {
  return { "x-forwarded-proto": "https", "x-laptop-signature": verdict ?? "" };
}
