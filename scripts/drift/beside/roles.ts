import {
  GetPolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListInstanceProfilesForRole,
  paginateListPolicyVersions,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import { type Attributes, all, beside, type Look, type Probe } from "./probe";

export const roleProbes: readonly Probe[] = [
  {
    type: "aws_iam_role",
    kind: "inline policies",
    strangers: async (role, look) => {
      if (isComparedAs("aws_iam_role_policies_exclusive", role, look)) return [];
      const { name: RoleName } = role;
      const inline = await all(
        paginateListRolePolicies({ client: look.clients.iam }, { RoleName: `${RoleName}` }),
        ({ PolicyNames }) => PolicyNames,
      );
      return beside(
        inline,
        look
          .planned("aws_iam_role_policy")
          .filter((policy) => policy.role === RoleName)
          .map(({ name }) => name),
        (name) => `the inline policy ${name}`,
      );
    },
  },
  {
    type: "aws_iam_role",
    kind: "attached policies",
    strangers: async (role, look) => {
      if (isComparedAs("aws_iam_role_policy_attachments_exclusive", role, look)) return [];
      const { name: RoleName } = role;
      const attached = await all(
        paginateListAttachedRolePolicies({ client: look.clients.iam }, { RoleName: `${RoleName}` }),
        ({ AttachedPolicies }) => AttachedPolicies,
      );
      return beside(
        attached.map(({ PolicyArn }) => PolicyArn),
        look
          .planned("aws_iam_role_policy_attachment")
          .filter((attachment) => attachment.role === RoleName)
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
  {
    type: "aws_iam_policy",
    kind: "newer versions",
    strangers: async ({ arn: PolicyArn }, { clients: { iam: client } }) => {
      const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn: `${PolicyArn}` }));
      const versions = await all(
        paginateListPolicyVersions({ client }, { PolicyArn: `${PolicyArn}` }),
        ({ Versions }) => Versions,
      );
      const current = numberOf(Policy?.DefaultVersionId);
      return versions
        .filter(({ VersionId }) => numberOf(VersionId) > current)
        .map(({ VersionId }) => ({
          what: `its version ${VersionId}, newer than the default, which is not used yet`,
          harmless: true,
        }));
    },
  },
];

/** Whether the state has the role's complete list of policies: then the comparison with the state finds any other. */
function isComparedAs(type: string, { name }: Attributes, { planned }: Look): boolean {
  return planned(type).some(({ role_name: role }) => role === name);
}

/** `v12` is 12. */
function numberOf(versionId: string | undefined): number {
  return Number(versionId?.slice(1));
}
