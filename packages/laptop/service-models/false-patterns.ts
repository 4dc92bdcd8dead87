/**
 * Patterns in the models that AWS itself does not hold requests to, each with what shows it.
 */
export const falsePatterns: readonly { readonly pattern: string; readonly reason: string }[] = [];

const patterns = new Set(falsePatterns.map(({ pattern }) => pattern));

export function isFalsePattern(pattern: string): boolean {
  return patterns.has(pattern);
}
