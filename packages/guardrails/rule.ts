import type { PackageReader } from "./package-reader";
import type { Resource, StackView } from "./stack-view";

/** The service or topic of a rule. It is the first part of the rule's id. */
export type RuleGroup =
  | "alarms"
  | "api-gateway"
  | "deliveries"
  | "dynamodb"
  | "events"
  | "firehose"
  | "iam"
  | "kms"
  | "lambda"
  | "logs"
  | "naming"
  | "s3"
  | "sns"
  | "sqs"
  | "stack"
  | "tags";

/** Settings of the rules that differ from team to team. */
export interface GuardrailSettings {
  /** Suffix of every name that must be unique in the account, for example `dev`. @default no suffix is required */
  readonly nameSuffix?: string | undefined;
  /** Tags that every taggable resource must have, its own or the provider's default tags. @default Environment and Owner */
  readonly requiredTags: readonly string[];
  /** The account's quota of concurrent executions, of which 100 must stay unreserved. @default 1_000 */
  readonly concurrencyQuota: number;
  /** Metrics namespace of every function. @default any, but functions that use Powertools metrics must set one */
  readonly metricsNamespace?: string | undefined;
  /** Whether this is the stack for resources that exist once per account and Region. @default false */
  readonly accountWide: boolean;
  /** Whether tables and buckets must be protected from deletion. @default true */
  readonly protectsData: boolean;
}

/** Everything that a rule can check. */
export interface RuleInput {
  readonly stack: StackView;
  readonly settings: GuardrailSettings;
  readonly packages: PackageReader;
}

/** One place where a rule is broken. */
export interface Finding {
  /** @default the stack itself */
  readonly resource?: Resource;
  /** The facts, as a clause: `timeout is 30`. */
  readonly found: string;
}

/** A requirement on a stack, as data. docs/guardrails.md lists all rules. */
export interface Rule {
  /** `<group>-<topic>` */
  readonly id: string;
  /** One of the package's groups, or one of your own. */
  readonly group: RuleGroup | (string & {});
  readonly demands: string;
  readonly why: string;
  /** How to fix it. */
  readonly fix: string;
  /** Ids of equivalent rules in checkov (CKV…), Security Hub (Lambda.1…), cdk-nag (AwsSolutions-…) and cfn-lint-serverless. */
  readonly mirrors: readonly string[];
  readonly check: (input: RuleInput) => readonly Finding[];
}

type Found = string | readonly string[] | undefined | false;

/** A check that inspects each resource of some types on its own. */
export function each(
  types: string | readonly string[],
  inspect: (resource: Resource, input: RuleInput) => Found,
): Rule["check"] {
  return (input) =>
    input.stack.all(...[types].flat()).flatMap((resource) => {
      const found = inspect(resource, input);
      const texts = typeof found === "string" ? [found] : found || [];
      return texts.map((text) => ({ resource, found: text }));
    });
}
