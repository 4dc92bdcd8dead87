/** Decodes a URL's escapes. Malformed text is returned unchanged: rejecting it is up to the emulator. */
export function decodeIfPossible(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
