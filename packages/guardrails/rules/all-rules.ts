import type { Rule } from "../rule";
import { alarmRules } from "./alarms";
import { apiGatewayRules } from "./api-gateway";
import { apiGatewayRouteRules } from "./api-gateway-routes";
import { apiGatewayStageRules } from "./api-gateway-stages";
import { deliveryRules } from "./deliveries/rules";
import { specialDeliveryRules } from "./deliveries/special-rules";
import { dynamodbRules } from "./dynamodb";
import { eventSourcePermissionRules } from "./event-source-permissions";
import { eventSourceRules } from "./event-sources";
import { eventsRules } from "./events";
import { firehoseRules } from "./firehose";
import { iamRules } from "./iam";
import { kmsRules } from "./kms";
import { lambdaRules } from "./lambda";
import { logsRules } from "./logs";
import { namingRules } from "./naming";
import { onePerParentRules } from "./one-per-parent";
import { s3Rules } from "./s3";
import { s3LifecycleRules } from "./s3-lifecycle";
import { snsRules } from "./sns";
import { sqsRules } from "./sqs";
import { stackRules } from "./stack";
import { tagsRules } from "./tags";

/** Every rule, in the order in which violations are listed: by group. */
export const allRules: readonly Rule[] = [
  ...alarmRules,
  ...apiGatewayStageRules,
  ...apiGatewayRouteRules,
  ...apiGatewayRules,
  ...deliveryRules,
  ...specialDeliveryRules,
  ...dynamodbRules,
  ...eventsRules,
  ...firehoseRules,
  ...iamRules,
  ...kmsRules,
  ...lambdaRules,
  ...eventSourceRules,
  ...eventSourcePermissionRules,
  ...logsRules,
  ...namingRules,
  ...onePerParentRules,
  ...s3Rules,
  ...s3LifecycleRules,
  ...snsRules,
  ...sqsRules,
  ...stackRules,
  ...tagsRules,
].toSorted((a, b) => a.group.localeCompare(b.group));
