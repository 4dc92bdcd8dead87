import type { Finding } from "../lib/finding";

/** A finding about one resource. Its check is `as-planned/<path>` or `nothing-beside/<path>`. */
export interface DriftFinding extends Finding {
  /** Terraform's address; undefined if the finding is about the whole stack. */
  readonly address?: string;
  /** The attribute that differs, for example `timeout`. */
  readonly attribute?: string;
}

/** Text for one line of a report. */
export function shown(value: unknown): string {
  if (value === undefined || value === null || value === "") return "absent";
  const text = typeof value === "string" ? value.replace(/\s+/g, " ") : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
