import type { AttributeRule } from "./attribute-rule";
import { harmless } from "./vocabulary";

/** Attributes that mean the same for every type. A type's own rule for one of them comes first. */
export const commonAttributes: Readonly<Record<string, AttributeRule>> = {
  description: harmless("text"),
  tags: harmless("text"),
  tags_all: harmless("text"),
  timeouts: harmless("terraform"),
  // The resource's name, or the one that AWS gave it, is an attribute as well.
  id: harmless("derived"),
};
