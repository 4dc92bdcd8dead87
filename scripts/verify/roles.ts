import { GetRolePolicyCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { awsFailure } from "../lib/aws-failure";
import type { Check } from "./check";
import { differs, requireNoProblems } from "./verdict";

/** What the roles of the stack may do, as IAM has it. */
export const roleChecks: readonly Check[] = [
  {
    name: "roles/policies",
    run: async (deployment) => {
      const policies = deployment.made("aws_iam_role_policy");
      const problems = await Promise.all(
        policies.map(async ({ role, name, policy }) => {
          try {
            const { PolicyDocument = "" } = await deployment.clients.iam.send(
              new GetRolePolicyCommand({ RoleName: `${role}`, PolicyName: `${name}` }),
            );
            const live = JSON.parse(decodeURIComponent(PolicyDocument));
            return differs("it", live, JSON.parse(`${policy}`)) && `${name} is not as it was deployed`;
          } catch (error) {
            return `${name}: ${awsFailure(error)}`;
          }
        }),
      );
      requireNoProblems(problems);
      return `${policies.length} are as they were deployed`;
    },
  },
  {
    name: "roles/nothing-more",
    run: async (deployment) => {
      const roles = deployment.made("aws_iam_role");
      const attached = new Set(
        deployment.made("aws_iam_role_policy_attachment").map(({ policy_arn: arn }) => arn),
      );
      const problems = await Promise.all(
        roles.map(async ({ name }) => {
          const { AttachedPolicies = [] } = await deployment.clients.iam.send(
            new ListAttachedRolePoliciesCommand({ RoleName: `${name}` }),
          );
          const more = AttachedPolicies.filter(({ PolicyArn }) => !attached.has(PolicyArn));
          return more.map(({ PolicyName }) => `${name} has ${PolicyName}, too`);
        }),
      );
      requireNoProblems(problems.flat());
      return `${roles.length} roles have what they were given`;
    },
  },
];
