import type { PackageReader } from "./package-reader";
import type { Resource, StackView } from "./stack-view";

/** What a rule is about, which is also its file under rules/ and the first part of its id. */
export type RuleGroup =
  | "alarms"
  | "api-gateway"
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

/** What a rule compares with, where that differs from team to team. */
export interface GuardrailSettings {
  /** Last part of every name that must be unique in the account, for example `dev`. @default names are free */
  readonly nameSuffix?: string | undefined;
  /** Tags that everything must have, by itself or by the provider's default tags. @default Environment and Owner */
  readonly requiredTags: readonly string[];
  /** Concurrent executions that the account has, of which 100 must stay unreserved. @default 1_000 */
  readonly concurrencyQuota: number;
  /** Namespace of every function's metrics. @default any, for functions that use Powertools' metrics */
  readonly metricsNamespace?: string | undefined;
  /** Whether the stack is the one of its account and Region that holds what there is once. @default false */
  readonly accountWide: boolean;
  /** Whether tables and buckets must refuse to be deleted. @default true */
  readonly protectsData: boolean;
}

/** What a rule is given to look at. */
export interface RuleInput {
  readonly stack: StackView;
  readonly settings: GuardrailSettings;
  readonly packages: PackageReader;
}

/** One place where a rule does not hold. */
export interface Finding {
  /** @default the stack itself */
  readonly resource?: Resource;
  /** What stands there, for a sentence: `timeout is 30`. */
  readonly found: string;
}

/** A demand on a stack, as data: docs/guardrails.md lists them all. */
export interface Rule {
  /** `<group>-<what it is about>` */
  readonly id: string;
  readonly group: RuleGroup;
  readonly demands: string;
  readonly why: string;
  /** What to write instead. */
  readonly fix: string;
  /** Ids of rules of checkov (CKV…), Security Hub (Lambda.1…) and cdk-nag (AwsSolutions-…) that ask the same. */
  readonly mirrors: readonly string[];
  readonly check: (input: RuleInput) => readonly Finding[];
}

type Found = string | readonly string[] | undefined | false;

/** A check that looks at each resource of some types by itself. */
export function each(
  types: string | readonly string[],
  look: (resource: Resource, input: RuleInput) => Found,
): Rule["check"] {
  return (input) =>
    input.stack.all(...[types].flat()).flatMap((resource) => {
      const found = look(resource, input);
      const texts = typeof found === "string" ? [found] : found || [];
      return texts.map((text) => ({ resource, found: text }));
    });
}
