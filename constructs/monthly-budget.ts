import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import { namingOf, physicalName } from "./naming";
import { validateProps } from "./validation";

export interface MonthlyBudgetProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** The limit per month in whole USD, 1 to 1,000,000. */
  readonly monthlyUsd: number;
  /** Who gets an e-mail. */
  readonly email: string;
}

/**
 * Sends an e-mail when this environment's cost in a month reaches 80 % of a limit, and when the forecast exceeds the
 * limit. AWS counts resources whose tag `Environment` has this environment's name. For that, activate the tag as a
 * cost-allocation tag in the account that pays. Two applications in one account would be counted together.
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
    const budget = new BudgetsBudget(this, "budget", {
      name: physicalName(this, props.name),
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: `${monthlyUsd}`,
      limitUnit: "USD",
      costFilter: [{ name: "TagKeyValue", values: [`user:Environment$${namingOf(this).environment}`] }],
      notification: [notify("ACTUAL", 80), notify("FORECASTED", 100)],
    });
    promise(budget, "somebody is told before the money is spent", [
      "name",
      "budget_type",
      "time_unit",
      "limit_amount",
      "limit_unit",
      "cost_filter",
      "notification",
    ]);
  }
}
