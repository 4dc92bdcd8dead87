/** A URL's escapes replaced; as it came where they are malformed, which is the emulator's to refuse. */
export function decodeWherePossible(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
