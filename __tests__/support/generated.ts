import { readFileSync, writeFileSync } from "node:fs";

/**
 * Compares a file with what the code generates. If they differ, `npm run update` writes the file: it runs every test
 * that imports this module.
 * @param explanation what differs, for a file whose text does not show what that means
 */
export function expectGenerated(file: string, expected: string, explanation?: () => string): void {
  if (process.env.UPDATE_GENERATED === "1") writeFileSync(file, expected);
  const text = readFileSync(file, "utf8");
  const explained = text === expected ? undefined : explanation?.();
  if (explained) throw new Error(explained);
  expect(text).toBe(expected);
}
