import { asRecord } from "../../packages/guardrails/stack-view";
import { contextOf } from "../../packages/iam/context";
import { evaluate } from "../../packages/iam/evaluate";
import { type Policy, parsePolicy, type Statement } from "../../packages/iam/policy";
import type { AwsCall } from "./aws-call";
import type { ConcreteStack } from "./concrete-stack";

/** One action of a statement on one of its resources. */
export interface Grant {
  readonly sid: string;
  readonly action: string;
  readonly resource: string;
  readonly policy: Policy;
}

/** Lets the role's own policies decide, as the policy of a key does. */
const leftToIam = (account: string) =>
  parsePolicy({
    Statement: { Effect: "Allow", Principal: { AWS: account }, Action: "*", Resource: "*" },
  });

/** What a role can do according to its inline policies, as IAM decides for a principal of the same account. */
export class Role {
  readonly grants: readonly Grant[];
  private readonly arn: string;
  private readonly account: string;
  /** Statements that deny. */
  private readonly denials: readonly Policy[];

  /** @throws Error for attached policies, and for Allow statements with NotAction or NotResource */
  constructor(stack: ConcreteStack, path: string) {
    const role = stack.at("aws_iam_role", path);
    if (stack.view.pointingAt(role, "aws_iam_role_policy_attachment", "role").length > 0) {
      throw new Error(`${role.path} has attached policies, which are not read here`);
    }
    this.arn = stack.arnOf(role);
    this.account = this.arn.split(":")[4] ?? "";
    const documents = stack.view
      .pointingAt(role, "aws_iam_role_policy", "role")
      .map((policy) => resolved(policy.json("policy"), stack));
    const statements = documents.flatMap((document) => {
      const policy = parsePolicy(document);
      const sids = [asRecord(document)?.Statement].flat().map((one) => asRecord(one)?.Sid);
      return policy.statements.map((statement, index) => ({ policy, statement, sid: sids[index] }));
    });
    this.denials = statements
      .filter(({ statement }) => statement.effect === "Deny")
      .map(({ policy, statement }) => ({ ...policy, statements: [statement] }));
    this.grants = statements
      .filter(({ statement }) => statement.effect === "Allow")
      .flatMap(({ policy, statement, sid }) =>
        grantsOf(policy, statement, `${sid ?? "a statement without Sid"}`),
      );
  }

  allows({ action, resource, context = {} }: AwsCall, grants: readonly Grant[] = this.grants): boolean {
    const session = this.arn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/");
    // The simulated resource is in the role's account: a grant on another account's would need that account's consent.
    const account = resource.split(":")[4] || this.account;
    return (
      evaluate(
        {
          caller: { type: "role-session", arn: `${session}/session`, roleArn: this.arn },
          action,
          resource,
          context: contextOf(context),
        },
        {
          identity: [...grants.map(({ policy }) => policy), ...this.denials],
          resource: [leftToIam(this.account)],
          resourceAccount: account,
        },
      ) === "allow"
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

/** A document in which everything that only Terraform knows has the value that it has after a deployment. */
function resolved(value: unknown, stack: ConcreteStack): unknown {
  if (typeof value === "string") return stack.text(value);
  if (Array.isArray(value)) return value.map((entry) => resolved(entry, stack));
  const record = asRecord(value);
  if (!record) return value;
  return Object.fromEntries(Object.entries(record).map(([name, entry]) => [name, resolved(entry, stack)]));
}

function grantsOf(policy: Policy, statement: Statement, sid: string): readonly Grant[] {
  const { actions, resources } = statement;
  if (actions.inverted || !resources || resources.inverted) {
    throw new Error(`${sid}: NotAction and NotResource cannot be divided into grants`);
  }
  return actions.values.flatMap((action) =>
    resources.values.map((resource) => {
      const single = {
        ...statement,
        actions: { values: [action], inverted: false },
        resources: { values: [resource], inverted: false },
      };
      return { sid, action, resource, policy: { ...policy, statements: [single] } };
    }),
  );
}
