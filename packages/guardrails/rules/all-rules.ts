import type { Rule } from "../rule";
import { alarmMetricRules } from "./alarm-metrics";
import { alarmRules } from "./alarms";
import { apiGatewayRules } from "./api-gateway";
import { apiGatewayDomainRules } from "./api-gateway-domains";
import { apiGatewayRouteRules } from "./api-gateway-routes";
import { apiGatewayStageRules } from "./api-gateway-stages";
import { apiGatewayUsageRules } from "./api-gateway-usage";
import { creationOrderRules } from "./creation-order";
import { dashboardRules } from "./dashboards";
import { deliveryRules } from "./deliveries/rules";
import { specialDeliveryRules } from "./deliveries/special-rules";
import { dynamodbRules } from "./dynamodb";
import { dynamodbIndexRules } from "./dynamodb-indexes";
import { eventSourceLimitRules } from "./event-source-limits";
import { eventSourcePermissionRules } from "./event-source-permissions";
import { eventSourceSettingsRules } from "./event-source-settings";
import { eventSourceRules } from "./event-sources";
import { eventsRules } from "./events";
import { firehoseRules } from "./firehose";
import { firehosePartitioningRules } from "./firehose-partitioning";
import { iamRules } from "./iam";
import { kmsRules } from "./kms";
import { lambdaRules } from "./lambda";
import { lambdaCodeRules } from "./lambda-code";
import { lambdaPackageRules } from "./lambda-packages";
import { lambdaSettingsRules } from "./lambda-settings";
import { lambdaUrlRules } from "./lambda-urls";
import { lambdaVariablesRules } from "./lambda-variables";
import { limitRules } from "./limits";
import { logsRules } from "./logs";
import { namingRules } from "./naming";
import { onePerParentRules } from "./one-per-parent";
import { promiseRules } from "./promises";
import { s3Rules } from "./s3";
import { s3LifecycleRules } from "./s3-lifecycle";
import { s3SettingsRules } from "./s3-settings";
import { schedulerRules } from "./scheduler";
import { sizeRules } from "./sizes";
import { snsRules } from "./sns";
import { sqsRules } from "./sqs";
import { stackRules } from "./stack";
import { tagsRules } from "./tags";

/** Every rule, in the order in which violations are listed: by group. */
export const allRules: readonly Rule[] = [
  ...alarmRules,
  ...dashboardRules,
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
  ...lambdaCodeRules,
  ...lambdaPackageRules,
  ...lambdaRules,
  ...lambdaSettingsRules,
  ...lambdaVariablesRules,
  ...eventSourceRules,
  ...eventSourceSettingsRules,
  ...eventSourcePermissionRules,
  ...logsRules,
  ...namingRules,
  ...onePerParentRules,
  ...s3Rules,
  ...s3LifecycleRules,
  ...s3SettingsRules,
  ...snsRules,
  ...sqsRules,
  ...stackRules,
  ...creationOrderRules,
  ...sizeRules,
  ...eventSourceLimitRules,
  ...lambdaUrlRules,
  ...apiGatewayUsageRules,
  ...apiGatewayDomainRules,
  ...firehosePartitioningRules,
  ...dynamodbIndexRules,
  ...schedulerRules,
  ...alarmMetricRules,
  ...promiseRules,
  ...limitRules,
  ...tagsRules,
].toSorted((a, b) => a.group.localeCompare(b.group));
