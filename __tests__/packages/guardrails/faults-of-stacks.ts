import { both, set } from "./edit";
import type { Fault } from "./fault";

/** Changes what no resource has: the versions of Terraform and its providers. */
const settings =
  (change: (terraform: Record<string, unknown>) => object): Fault["plant"] =>
  (stack) =>
    Object.assign(stack, { terraform: { ...stack.terraform, ...change({ ...stack.terraform }) } });

const providers = (aws: object): Fault["plant"] =>
  settings(({ required_providers: others }) => ({ required_providers: { ...(others as object), aws } }));

/** Faults of a stack as a whole. */
export const stackFaults: readonly Fault[] = [
  {
    in: "prod",
    fault: "a provider that can be any of several versions",
    plant: providers({ source: "aws", version: "~> 5.0" }),
    caughtBy: "stack-versions-pinned",
  },
  {
    in: "prod",
    fault: "a provider without a source",
    plant: providers({ version: "5.100.0" }),
    caughtBy: "stack-versions-pinned",
  },
  {
    in: "prod",
    fault: "a provider without a version",
    plant: settings(() => ({ required_providers: {} })),
    caughtBy: "stack-versions-pinned",
  },
  {
    in: "prod",
    fault: "a version of Terraform that no version has",
    plant: settings(() => ({ required_version: "newest" })),
    caughtBy: "stack-versions-pinned",
  },
  {
    in: "worker",
    fault: "a metric filter on a log group that is named by text",
    plant: set("aws_cloudwatch_log_metric_filter", "slow", "log_group_name", "/aws/lambda/worker"),
    caughtBy: "stack-creation-order",
  },
  {
    in: "worker",
    fault: "a metric filter on a log group that is named by text, beside an order for something else",
    plant: both(
      set("aws_cloudwatch_log_metric_filter", "slow", "log_group_name", "/aws/lambda/worker"),
      set("aws_cloudwatch_log_metric_filter", "slow", "depends_on", ["aws_sqs_queue.jobs"]),
    ),
    fixed: both(
      set("aws_cloudwatch_log_metric_filter", "slow", "log_group_name", "/aws/lambda/worker"),
      set("aws_cloudwatch_log_metric_filter", "slow", "depends_on", ["aws_lambda_function.worker"]),
    ),
    caughtBy: "stack-creation-order",
  },
];
