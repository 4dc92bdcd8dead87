import type { Resource } from "../stack-view";

export function logGroupName(lambda: Resource): string {
  return lambda.text("logging_config.log_group") ?? `/aws/lambda/${lambda.text("function_name")}`;
}

/** The log group that a function writes to, if it is in the stack. */
export function logGroupOf(lambda: Resource): Resource | undefined {
  const configured = lambda.follow("logging_config.log_group", "aws_cloudwatch_log_group");
  const name = logGroupName(lambda);
  const groups = lambda.stack.all("aws_cloudwatch_log_group");
  return configured ?? groups.find((group) => group.value("name") === name);
}
