import { alarmChecks } from "./alarms";
import { bucketChecks } from "./buckets";
import { changeChecks } from "./changes";
import type { Check } from "./check";
import { failureChecks } from "./failures";
import { functionChecks } from "./functions";
import { gatewayResponseChecks } from "./gateway-responses";
import { itemChecks } from "./items";
import { keyChecks } from "./key";
import { logChecks } from "./logs";
import { outputChecks } from "./outputs";
import { queueChecks } from "./queue";
import { refusalChecks } from "./refusals";
import { roleChecks } from "./roles";
import { snapshotChecks } from "./snapshot";
import { stageChecks } from "./stage";
import { tableChecks } from "./table";
import { telemetryChecks } from "./telemetry";

/** Every check, in the order of the report. They run concurrently. */
export const allChecks: readonly Check[] = [
  ...outputChecks,
  ...itemChecks,
  ...refusalChecks,
  ...logChecks,
  ...telemetryChecks,
  ...changeChecks,
  ...failureChecks,
  ...alarmChecks,
  ...stageChecks,
  ...snapshotChecks,
  ...gatewayResponseChecks,
  ...functionChecks,
  ...roleChecks,
  ...tableChecks,
  ...queueChecks,
  ...bucketChecks,
  ...keyChecks,
];
