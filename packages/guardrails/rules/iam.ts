import type { Rule } from "../rule";
import { documentRules } from "./iam/documents";
import { needRules } from "./iam/needs";
import { principalRules } from "./iam/principals";
import { resourceRules } from "./iam/resources";
import { roleRules } from "./iam/roles";
import { wildcardRules } from "./iam/wildcards";

export const iamRules: readonly Rule[] = [
  ...documentRules,
  ...needRules,
  ...wildcardRules,
  ...principalRules,
  ...resourceRules,
  ...roleRules,
];
