import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { Construct } from "constructs";
import { namingOf, physicalName } from "./naming";
import { validateProps } from "./validation";

export interface MonthlyBudgetProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** Whole USD a month, 1 or more. */
  readonly monthlyUsd: number;
  /** Who has an e-mail. */
  readonly email: string;
}

/**
 * Tells an address when this environment's cost of the month comes to 80 % of a bound, and when more than the bound is
 * forecast. AWS counts what has the tag `Environment` of this name, once the tag is activated as a cost-allocation tag
 * in the account that pays; two applications of one account would be counted together.
 */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, props: MonthlyBudgetProps) {
    super(scope, id);
    const { monthlyUsd, email } = props;
    validateProps(this, { monthlyUsd: { value: monthlyUsd, minimum: 1, maximum: 1_000_000 } });
    const notify = (notificationType: string, threshold: number) => ({
      comparisonOperator: "GREATER_THAN",
      notificationType,
      threshold,
      thresholdType: "PERCENTAGE",
      subscriberEmailAddresses: [email],
    });
    new BudgetsBudget(this, "budget", {
      name: physicalName(this, props.name),
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: `${monthlyUsd}`,
      limitUnit: "USD",
      costFilter: [{ name: "TagKeyValue", values: [`user:Environment$${namingOf(this).environment}`] }],
      notification: [notify("ACTUAL", 80), notify("FORECASTED", 100)],
    });
  }
}
