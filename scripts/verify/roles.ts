import { GetRolePolicyCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { awsFailure } from "../lib/aws-failure";
import type { Check } from "./check";
import { differs, requireNoProblems } from "./verdict";

/** The live permissions of the stack's roles. */
export const roleChecks: readonly Check[] = [
  {
    name: "roles/policies",
    run: async (deployment) => {
      const policies = deployment.resources("aws_iam_role_policy");
      const problems = await Promise.all(
        policies.map(async ({ role, name, policy }) => {
          try {
            const { PolicyDocument = "" } = await deployment.clients.iam.send(
              new GetRolePolicyCommand({ RoleName: `${role}`, PolicyName: `${name}` }),
            );
            const live = JSON.parse(decodeURIComponent(PolicyDocument));
            return differs("it", live, JSON.parse(`${policy}`)) && `${name} differs from what was deployed`;
          } catch (error) {
            return `${name}: ${awsFailure(error)}`;
          }
        }),
      );
      requireNoProblems(problems);
      return `all ${policies.length} as deployed`;
    },
  },
  {
    name: "roles/no-extra-policies",
    run: async (deployment) => {
      const roles = deployment.resources("aws_iam_role");
      const attached = new Set(
        deployment.resources("aws_iam_role_policy_attachment").map(({ policy_arn: arn }) => arn),
      );
      const problems = await Promise.all(
        roles.map(async ({ name }) => {
          const { AttachedPolicies = [] } = await deployment.clients.iam.send(
            new ListAttachedRolePoliciesCommand({ RoleName: `${name}` }),
          );
          const more = AttachedPolicies.filter(({ PolicyArn }) => !attached.has(PolicyArn));
          return more.map(({ PolicyName }) => `${name} also has ${PolicyName}`);
        }),
      );
      requireNoProblems(problems.flat());
      return `none of the ${roles.length} roles has an extra policy`;
    },
  },
];
