import type { Limit } from "./accepts";
import { apiGatewayLimits } from "./api-gateway";
import { dataLimits } from "./data";
import { identityLimits } from "./identity";
import { lambdaLimits } from "./lambda";
import { messagingLimits } from "./messaging";
import { observabilityLimits } from "./observability";

/** What AWS accepts in which attribute, with its source. One more limit is one more line. */
export const allLimits: readonly Limit[] = [
  ...apiGatewayLimits,
  ...dataLimits,
  ...identityLimits,
  ...lambdaLimits,
  ...messagingLimits,
  ...observabilityLimits,
];
