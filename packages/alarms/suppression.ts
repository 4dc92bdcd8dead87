import type { AlarmState } from "./metric-alarm";

/** The attributes of PutCompositeAlarm that hold back its actions. */
export interface SuppressionSettings {
  /** How long to wait for the suppressor to go into ALARM, in seconds, after the composite alarm changes. */
  readonly waitSeconds: number;
  /** How long to wait for the composite alarm to change, in seconds, after the suppressor leaves ALARM. */
  readonly extensionSeconds: number;
}

/** What is remembered of a composite alarm with a suppressor from one moment to the next. */
export interface Suppression {
  /** What holds back actions, as in ActionsSuppressedBy. Undefined if nothing does. */
  readonly by?: "Alarm" | "WaitPeriod" | "ExtensionPeriod" | undefined;
  /** When the period ends, in milliseconds since the epoch. */
  readonly until?: number | undefined;
  /** Whether the composite alarm has changed its state without taking actions. */
  readonly isPending: boolean;
}

export interface SuppressionMoment {
  /** In milliseconds since the epoch. */
  readonly at: number;
  /** Whether the composite alarm has just changed its state. */
  readonly hasChanged: boolean;
  /** The suppressor's state; undefined if there is no such alarm. */
  readonly suppressor: AlarmState | undefined;
}

export const notSuppressed: Suppression = { isPending: false };

/**
 * Decides whether a composite alarm with a suppressor takes the actions of its state. Call it whenever either of them
 * changes, and when a period ends.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html
 */
export function suppress(
  before: Suppression,
  { at, hasChanged, suppressor }: SuppressionMoment,
  { waitSeconds, extensionSeconds }: SuppressionSettings,
): { readonly suppression: Suppression; readonly takesActions: boolean } {
  const isPending = before.isPending || hasChanged;
  const held = (by: NonNullable<Suppression["by"]>, until?: number) => ({
    suppression: { by, until, isPending },
    takesActions: false,
  });
  if (suppressor === "ALARM") return held("Alarm");
  const period = periodAfter(before, { at, hasChanged, waitSeconds, extensionSeconds });
  if (period && at < period.until) return held(period.by, period.until);
  return { suppression: notSuppressed, takesActions: isPending };
}

function periodAfter(
  { by, until = 0 }: Suppression,
  {
    at,
    hasChanged,
    waitSeconds,
    extensionSeconds,
  }: Omit<SuppressionMoment, "suppressor"> & SuppressionSettings,
): { readonly by: "WaitPeriod" | "ExtensionPeriod"; readonly until: number } | undefined {
  // A change discards the period in progress, and waits for the suppressor once more.
  if (hasChanged) return { by: "WaitPeriod", until: at + waitSeconds * 1000 };
  if (by === "Alarm") return { by: "ExtensionPeriod", until: at + extensionSeconds * 1000 };
  return by && { by, until };
}
