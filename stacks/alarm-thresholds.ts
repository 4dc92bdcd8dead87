import type { AlarmThresholds } from "../constructs/service-alarms";

/**
 * The thresholds that environments.ts starts from. `AlarmThresholds` documents the meaning and bounds of each. Alarms
 * that fire at the first throttle, dead letter or system error have no threshold to set.
 */
export const alarmThresholds = {
  apiErrorPercent: 1,
  apiLatencyMs: 3_000,
  functionErrors: 0,
  functionDurationPercent: 80,
  functionConcurrencyPercent: 80,
  streamAgeMs: 300_000,
  deliveryAgeSeconds: 1_800,
} as const satisfies AlarmThresholds;
