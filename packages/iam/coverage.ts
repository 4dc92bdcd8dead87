import { arnPattern } from "./pattern";
import { covers } from "./pattern-sets";
import { actionPattern } from "./statement";
import type { Ternary } from "./unknown";

/**
 * Whether each action that one pattern matches is matched by another: `s3:*` covers `s3:Get*`.
 * @returns undefined if that depends on an unknown
 */
export function actionCovers(pattern: string, other: string): Ternary {
  return covers(actionPattern(pattern), actionPattern(other));
}

/** Whether each ARN that one Resource matches is matched by another: `arn:aws:s3:::*` covers `arn:aws:s3:::logs/*`. */
export function resourceCovers(pattern: string, other: string): Ternary {
  return covers(arnPattern(pattern, "resource"), arnPattern(other, "resource"));
}
