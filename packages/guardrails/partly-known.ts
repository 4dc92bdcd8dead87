import { templateParts } from "./expression";

/** Stands for a part that only Terraform knows. No name contains it. */
export const unknownPart = "\0";

/** A text with each expression, whatever it is, replaced by {@link unknownPart}. */
export function withUnknownParts(text: string): string {
  const parts = templateParts(text).map((part) => ("literal" in part ? part.literal : unknownPart));
  return parts.join("");
}

/** The parts of a text that are known before Terraform runs. */
export function literalsOf(text: string): readonly string[] {
  return templateParts(text).flatMap((part) => ("literal" in part ? [part.literal] : []));
}

/** Whether some value of the unknown parts lets a text end with a suffix. */
export function mayEndWith(text: string, suffix: string): boolean {
  const known = text.slice(text.lastIndexOf(unknownPart) + 1);
  return known === text || known.length >= suffix.length ? known.endsWith(suffix) : suffix.endsWith(known);
}

/** Whether a text has parts that only Terraform knows, with some values of which it is another text. */
export function mayBeText(text: unknown, other: string): boolean {
  if (typeof text !== "string" || !text.includes("${")) return false;
  const literals = withUnknownParts(text).split(unknownPart);
  const pattern = literals.map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${pattern}$`, "s").test(other);
}
