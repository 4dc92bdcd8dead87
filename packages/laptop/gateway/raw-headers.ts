import type { Answer } from "../gaps/gap";

/** Replaces headers, whatever their case. The others keep their case and order. */
export function withHeaders(
  rawHeaders: readonly string[],
  changed: Readonly<Record<string, string>>,
): string[] {
  const names = new Set(Object.keys(changed).map((name) => name.toLowerCase()));
  return [...without(rawHeaders, names), ...Object.entries(changed).flat()];
}

/** As withHeaders, for a body that is sent whole, however the caller sent it. */
export function headersForBody(
  rawHeaders: readonly string[],
  changed: Readonly<Record<string, string>>,
  body: Buffer,
): string[] {
  const others = without(withHeaders(rawHeaders, changed), new Set(["transfer-encoding", "content-length"]));
  return [...others, "content-length", `${body.length}`];
}

/** A response's headers as the caller gets them: without those that the patched emulator adds for the gaps. */
export function callersHeaders(rawHeaders: readonly string[]): string[] {
  return without(rawHeaders, new Set(["x-laptop-function"]));
}

/** As callersHeaders, with the length of the body, which a gap may have changed. */
export function headersWithLength({ rawHeaders, body }: Answer): string[] {
  const framing = new Set(["content-length", "transfer-encoding", "connection"]);
  return [...without(callersHeaders(rawHeaders), framing), "content-length", `${body.length}`];
}

function without(rawHeaders: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    if (!names.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
