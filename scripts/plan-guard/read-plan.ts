import { UserError } from "../../packages/terminal/user-error";
import type { TerraformPlan } from "./terraform-plan";

/**
 * Reads what `terraform show -json` says of a plan.
 * @param source names it in an error
 * @throws UserError, exit code 2, where it is none, or not the whole of one
 */
export function readPlan(json: string, source: string): TerraformPlan {
  const failed = (problem: string, cause?: unknown) =>
    new UserError(`${source} ${problem}: make it by terraform plan -out=plan, terraform show -json plan`, {
      cause,
      exitCode: 2,
    });
  let plan: Partial<TerraformPlan> | null;
  try {
    plan = JSON.parse(json);
  } catch (error) {
    throw failed("is not JSON", error);
  }
  // A state's JSON has a format version as well, a plan alone says what there is to change or to put out.
  if (!plan?.format_version || !("planned_values" in plan)) throw failed("is no plan of Terraform");
  if (!/^1\./.test(plan.format_version)) {
    throw failed(`is a plan of format ${plan.format_version}, and format 1 is what is known here`);
  }
  if (plan.errored) throw failed("is of a plan that failed, and so not the whole of it");
  return plan as TerraformPlan;
}
