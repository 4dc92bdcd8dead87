import { UserError } from "../../packages/terminal/user-error";
import type { TerraformPlan } from "./terraform-plan";

/**
 * Parses the output of `terraform show -json` for a plan.
 * @param source names it in an error message
 * @throws UserError, exit code 2, if it is not a plan, or is incomplete
 */
export function readPlan(json: string, source: string): TerraformPlan {
  const failed = (problem: string, cause?: unknown) =>
    new UserError(
      `${source} ${problem}: create it with terraform plan -out=plan, then terraform show -json plan`,
      {
        cause,
        exitCode: 2,
      },
    );
  let plan: Partial<TerraformPlan> | null;
  try {
    plan = JSON.parse(json);
  } catch (error) {
    throw failed("is not JSON", error);
  }
  // A state's JSON has a format version, too, but only a plan has planned values.
  if (!plan?.format_version || !("planned_values" in plan)) throw failed("is not a Terraform plan");
  if (!/^1\./.test(plan.format_version)) {
    throw failed(`is a plan in format ${plan.format_version}, but only format 1 is supported`);
  }
  if (plan.errored) throw failed("is a plan that failed, so it is incomplete");
  return plan as TerraformPlan;
}
