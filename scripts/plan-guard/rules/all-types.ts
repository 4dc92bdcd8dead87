import { apiGateway } from "./api-gateway";
import { apiMethods } from "./api-methods";
import type { TypeRule } from "./attribute-rule";
import { deliveryStreams } from "./delivery-streams";
import { functions } from "./functions";
import { identityAndKeys } from "./identity";
import { messaging } from "./messaging";
import { observability } from "./observability";
import { others } from "./others";
import { storage } from "./storage";

/** What holds data, serves callers or watches, by resource type: what is lost with it, and with each of its attributes. */
export const allTypes: Readonly<Record<string, TypeRule>> = {
  ...apiGateway,
  ...apiMethods,
  ...deliveryStreams,
  ...functions,
  ...identityAndKeys,
  ...messaging,
  ...observability,
  ...others,
  ...storage,
};
