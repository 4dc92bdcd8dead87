import { accountStack } from "../support/account-stack";
import type { ResourceType } from "../support/provider-types";
import { serviceStacks } from "../support/service-stacks";

const pipelineAccess = { issuer: "token.actions.githubusercontent.com", subject: "repo:acme/shop:*" };

/** Each role in every stack: what it has, and what its complete lists say. */
const roles = [accountStack({ pipelineAccess }), ...serviceStacks()].flatMap((stack) => {
  const of = (type: ResourceType, attribute: string, role: string) =>
    stack.resources(type).filter(({ attributes }) => `${attributes[attribute]}`.includes(`${role}.`));
  return stack.resources("aws_iam_role").map((role) => {
    const inline = of("aws_iam_role_policy", "role", role.address);
    const attached = of("aws_iam_role_policy_attachment", "role", role.address);
    const [names, moreNames] = of("aws_iam_role_policies_exclusive", "role_name", role.address);
    const [arns, moreArns] = of("aws_iam_role_policy_attachments_exclusive", "role_name", role.address);
    return {
      path: `${stack.name}/${role.path}`,
      lists: [names, moreNames, arns, moreArns].map((list) => list !== undefined),
      inline: inline.map((policy) => policy.ref("name")).sort(),
      listedInline: [names?.attributes.policy_names].flat().sort(),
      attached: attached.map((attachment) => attachment.ref("policy_arn")).sort(),
      listedAttached: [arns?.attributes.policy_arns].flat().sort(),
    };
  });
});

describe("Terraform's complete list of a role's policies", () => {
  it.each(roles)("is there once for $path, and has exactly its policies", (role) => {
    expect(role.lists).toEqual([true, false, true, false]);
    expect(role.listedInline).toEqual(role.inline);
    expect(role.listedAttached).toEqual(role.attached);
  });

  it("is checked of roles of each kind", () => {
    expect(roles.some(({ inline }) => inline.length > 1)).toBe(true);
    expect(roles.some(({ attached }) => attached.length > 0)).toBe(true);
  });
});
