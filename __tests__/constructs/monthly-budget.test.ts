import { MonthlyBudget } from "../../constructs/monthly-budget";
import { application, environments } from "../../stacks/environments";
import { serviceStacks } from "../support/service-stacks";
import { synthesizeStack } from "../support/synthesize";

const budgetOf = (monthlyUsd: number) =>
  synthesizeStack((stack) => {
    new MonthlyBudget(stack, "budget", { name: "monthly", monthlyUsd, email: "ops@example.com" });
  });

describe("MonthlyBudget", () => {
  it("counts the environment's cost per month", () => {
    const budget = budgetOf(50).only("aws_budgets_budget");

    expect(budget.attributes).toMatchObject({
      name: "shop-monthly-test",
      budget_type: "COST",
      time_unit: "MONTHLY",
      limit_amount: "50",
      limit_unit: "USD",
      cost_filter: [{ name: "TagKeyValue", values: ["user:Environment$test"] }],
    });
  });

  it("notifies the address at 80 %, and when the forecast exceeds the limit", () => {
    const budget = budgetOf(50).only("aws_budgets_budget");

    expect(budget.attributes.notification).toMatchObject([
      { notification_type: "ACTUAL", threshold: 80, subscriber_email_addresses: ["ops@example.com"] },
      { notification_type: "FORECASTED", threshold: 100, subscriber_email_addresses: ["ops@example.com"] },
    ]);
  });

  it("refuses a limit that AWS would refuse", () => {
    expect(() => budgetOf(0)).toThrow("monthlyUsd must be between 1 and 1000000, got 0");
  });

  it("exists only if an environment asks for it", () => {
    const budget = { monthlyUsd: 50, email: "ops@example.com" };
    const [without] = serviceStacks([environments[0]]);
    const [having] = serviceStacks([{ ...environments[0], budget }]);

    expect(without?.resources("aws_budgets_budget")).toEqual([]);
    expect(having?.only("aws_budgets_budget").attributes.name).toBe(`${application.name}-monthly-dev`);
  });
});
