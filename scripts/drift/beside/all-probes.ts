import { alarmProbes } from "./alarms";
import { apiProbes } from "./apis";
import { dataProbes } from "./data";
import { functionProbes } from "./functions";
import { logProbes } from "./logs";
import { messageProbes } from "./messages";
import type { Probe } from "./probe";
import { roleProbes } from "./roles";

/** Every kind of thing that the inventory looks for. */
export const allProbes: readonly Probe[] = [
  ...roleProbes,
  ...functionProbes,
  ...dataProbes,
  ...messageProbes,
  ...logProbes,
  ...alarmProbes,
  ...apiProbes,
];
