import {
  paginateListAttachedRolePolicies,
  paginateListInstanceProfilesForRole,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import { all, beside, type Probe } from "./probe";

export const roleProbes: readonly Probe[] = [
  {
    type: "aws_iam_role",
    kind: "inline policies",
    strangers: async ({ name: RoleName }, { clients: { iam: client }, planned }) =>
      beside(
        await all(
          paginateListRolePolicies({ client }, { RoleName: `${RoleName}` }),
          ({ PolicyNames }) => PolicyNames,
        ),
        planned("aws_iam_role_policy")
          .filter(({ role }) => role === RoleName)
          .map(({ name }) => name),
        (name) => `the inline policy ${name}`,
      ),
  },
  {
    type: "aws_iam_role",
    kind: "attached policies",
    strangers: async ({ name: RoleName }, { clients: { iam: client }, planned }) => {
      const attached = await all(
        paginateListAttachedRolePolicies({ client }, { RoleName: `${RoleName}` }),
        ({ AttachedPolicies }) => AttachedPolicies,
      );
      return beside(
        attached.map(({ PolicyArn }) => PolicyArn),
        planned("aws_iam_role_policy_attachment")
          .filter(({ role }) => role === RoleName)
          .map(({ policy_arn: arn }) => arn),
        (arn) => `the attached policy ${arn}`,
      );
    },
  },
  {
    type: "aws_iam_role",
    kind: "instance profiles",
    strangers: async ({ name: RoleName }, { clients: { iam: client }, planned }) => {
      const profiles = await all(
        paginateListInstanceProfilesForRole({ client }, { RoleName: `${RoleName}` }),
        ({ InstanceProfiles }) => InstanceProfiles,
      );
      return beside(
        profiles.map(({ InstanceProfileName }) => InstanceProfileName),
        planned("aws_iam_instance_profile").map(({ name }) => name),
        (name) => `the instance profile ${name}`,
      );
    },
  },
];
