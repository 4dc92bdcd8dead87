import type { Caller } from "../../../packages/iam/caller";
import { contextOf } from "../../../packages/iam/context";
import { evaluate, type Outcome, type Policies } from "../../../packages/iam/evaluate";
import { parsePolicy } from "../../../packages/iam/policy";
import type { Request } from "../../../packages/iam/statement";

export const account = "111122223333";
export const otherAccount = "444455556666";

export const user: Caller = { type: "user", arn: `arn:aws:iam::${account}:user/ann` };
export const roleArn = `arn:aws:iam::${account}:role/worker`;
export const session: Caller = {
  type: "role-session",
  arn: `arn:aws:sts::${account}:assumed-role/worker/first`,
  roleArn,
};

type Fields = Readonly<Record<string, unknown>>;

/** A policy of one statement, which allows all actions on everything unless its fields say otherwise. */
export function policyOf(fields: Fields = {}, version = "2012-10-17") {
  const action = "NotAction" in fields ? {} : { Action: "*" };
  const resource = "NotResource" in fields ? {} : { Resource: "*" };
  return parsePolicy({ Version: version, Statement: { Effect: "Allow", ...action, ...resource, ...fields } });
}

/** What policies decide about the user's request for an object of its own account. */
export function outcomeOf(policies: Partial<Policies>, request: Partial<Request> = {}): Outcome {
  return evaluate(
    {
      caller: user,
      action: "s3:GetObject",
      resource: "arn:aws:s3:::logs/a",
      context: contextOf({}),
      ...request,
    },
    { resourceAccount: account, ...policies },
  );
}

/** Whether the one statement of an identity policy allows a request. */
export function allows(fields: Fields, request: Partial<Request> = {}): boolean | undefined {
  const outcome = outcomeOf({ identity: [policyOf(fields)] }, request);
  return outcome === "unknown" ? undefined : outcome === "allow";
}

/** Whether a condition about the key `k` holds. */
export function holds(
  operator: string,
  values: unknown,
  requested: string | readonly string[] | undefined,
  others: Readonly<Record<string, string | readonly string[]>> = {},
): boolean | undefined {
  return allows(
    { Condition: { [operator]: { k: values } } },
    { context: contextOf({ k: requested, ...others }) },
  );
}
