import { actionCovers, patternCovers, type Statement, statementsOf } from "../../packages/guardrails/policy";
import type { AwsCall } from "./aws-call";
import type { ConcreteStack } from "./concrete-stack";

/** How each condition operator compares the policy's value with the call's. */
const comparisons: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  ArnEquals: patternCovers,
  ArnLike: patternCovers,
  StringEquals: (expected, value) => expected === value,
  StringLike: patternCovers,
};

/** One action of a statement on one of its resources. */
export interface Grant {
  readonly sid: string;
  readonly action: string;
  readonly resource: string;
  readonly conditions: Statement["conditions"];
}

/**
 * What a role can do according to its inline policies. It decides as IAM does for a principal of the same account: a call
 * is allowed if one grant matches its action and resource, and all conditions of that grant are true.
 */
export class Role {
  readonly grants: readonly Grant[];

  /** @throws Error for what this class cannot decide: other effects, inverted statements, other operators */
  constructor(stack: ConcreteStack, path: string) {
    const role = stack.at("aws_iam_role", path);
    if (stack.view.pointingAt(role, "aws_iam_role_policy_attachment", "role").length > 0) {
      throw new Error(`${role.path} has attached policies, which are not read here`);
    }
    const policies = stack.view.pointingAt(role, "aws_iam_role_policy", "role");
    this.grants = policies.flatMap((policy) =>
      statementsOf(policy).flatMap((statement) => grantsOf(statement, stack)),
    );
  }

  allows(call: AwsCall, grants: readonly Grant[] = this.grants): boolean {
    return grants.some(
      ({ action, resource, conditions }) =>
        actionCovers(action, call.action) &&
        patternCovers(resource, call.resource) &&
        conditions.every(({ operator, key, values }) => {
          const value = call.context?.[key];
          return value !== undefined && values.some((pattern) => comparisons[operator]?.(pattern, value));
        }),
    );
  }

  /** Grants that none of the calls needs: without them, the same calls are allowed. */
  unused(calls: readonly AwsCall[]): readonly Grant[] {
    return this.grants.filter((grant) => {
      const others = this.grants.filter((other) => other !== grant);
      return calls.every((call) => this.allows(call, others) || !this.allows(call));
    });
  }
}

function grantsOf(statement: Statement, stack: ConcreteStack): readonly Grant[] {
  const { sid = "a statement without Sid", effect, actions, notActions, resources } = statement;
  const unknown = statement.conditions.filter(({ operator }) => !comparisons[operator]);
  if (effect !== "Allow" || notActions.length > 0 || unknown.length > 0) {
    throw new Error(`${sid}: add to ${__filename} how ${effect}, NotAction and each operator are decided`);
  }
  const conditions = statement.conditions.map((condition) => ({
    ...condition,
    values: condition.values.map((value) => stack.text(value)),
  }));
  return actions.flatMap((action) =>
    resources.map((resource) => ({ sid, action, resource: stack.text(resource), conditions })),
  );
}
