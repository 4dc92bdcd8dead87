import type { Rule } from "../rule";
import { apiGatewayRules } from "./api-gateway";
import { dynamodbRules } from "./dynamodb";
import { eventSourceRules } from "./event-sources";
import { lambdaRules } from "./lambda";
import { s3Rules } from "./s3";

/** Every rule, in the order in which violations are listed: group by group. */
export const allRules: readonly Rule[] = [
  ...lambdaRules,
  ...eventSourceRules,
  ...apiGatewayRules,
  ...dynamodbRules,
  ...s3Rules,
].toSorted((a, b) => a.group.localeCompare(b.group));
