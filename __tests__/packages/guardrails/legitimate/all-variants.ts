import { alarmVariants } from "./alarms";
import { apiVariants } from "./api";
import { consumerVariants } from "./consumers";
import { dataVariants } from "./data";
import { expressionVariants } from "./expressions";
import { functionVariants } from "./functions";
import type { Legitimate } from "./legitimate";
import { packageVariants } from "./packages";
import { policyTextVariants } from "./policy-texts";
import { secretVariants } from "./secrets";
import { stackVariants } from "./stacks";

/** Every legitimate variant, by topic. A file here holds one topic and appears in this list. */
export const allVariants: readonly Legitimate[] = [
  ...alarmVariants,
  ...apiVariants,
  ...consumerVariants,
  ...dataVariants,
  ...expressionVariants,
  ...functionVariants,
  ...packageVariants,
  ...policyTextVariants,
  ...secretVariants,
  ...stackVariants,
];
