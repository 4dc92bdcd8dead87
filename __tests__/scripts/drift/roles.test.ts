import { roleProbes } from "../../../scripts/drift/beside/roles";
import { nothingBesideFindings } from "../../../scripts/drift/nothing-beside";
import type { TerraformState } from "../../../scripts/lib/terraform-state";
import { type Clients, clientsOf } from "../../../scripts/verify/clients";

const policyArn = "arn:aws:iam::123456789012:policy/invoke";
/** What IAM returns, by command. */
const live: Readonly<Record<string, object>> = {
  ListRolePoliciesCommand: { PolicyNames: ["own", "extra"] },
  ListAttachedRolePoliciesCommand: {
    AttachedPolicies: [{ PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
  },
  ListInstanceProfilesForRoleCommand: { InstanceProfiles: [] },
  GetPolicyCommand: { Policy: { DefaultVersionId: "v9" } },
  ListPolicyVersionsCommand: {
    Versions: ["v10", "v9", "v8"].map((VersionId) => ({ VersionId })),
  },
};

function stateWith(resources: Readonly<Record<string, Readonly<Record<string, unknown>>>>): TerraformState {
  return {
    lineage: "lineage",
    serial: 1,
    outputs: {},
    resources: Object.entries(resources).map(([type, attributes]) => ({
      mode: "managed" as const,
      type,
      name: "it",
      instances: [{ attributes }],
    })),
  };
}

async function judged(state: TerraformState): Promise<readonly string[]> {
  const clients: Clients = clientsOf({ region: "eu-west-1" });
  jest
    .spyOn(clients.iam, "send")
    .mockImplementation(async (command: object) => live[command.constructor.name]);
  const findings = await nothingBesideFindings(state, clients, (address) => address, roleProbes);
  return findings
    .filter(({ verdict }) => verdict !== "passed")
    .map(({ verdict, detail }) => `${verdict} ${detail.replace("not in Terraform's state: ", "")}`);
}

const role = {
  aws_iam_role: { name: "items" },
  aws_iam_role_policy: { role: "items", name: "own" },
};

describe("what is looked for beside a role", () => {
  it("is every policy that the state does not have", async () => {
    const findings = await judged(stateWith(role));

    expect(findings).toEqual([
      "failed the inline policy extra",
      "failed the attached policy arn:aws:iam::aws:policy/ReadOnlyAccess",
    ]);
  });

  it.each([
    ["aws_iam_role_policies_exclusive", "failed the attached policy arn:aws:iam::aws:policy/ReadOnlyAccess"],
    ["aws_iam_role_policy_attachments_exclusive", "failed the inline policy extra"],
  ])("is not reported twice if the state has the role's complete list in %s", async (type, left) => {
    const findings = await judged(stateWith({ ...role, [type]: { role_name: "items" } }));

    expect(findings).toEqual([left]);
  });

  it("is reported if only another role's list is complete", async () => {
    const findings = await judged(
      stateWith({ ...role, aws_iam_role_policies_exclusive: { role_name: "other" } }),
    );

    expect(findings).toHaveLength(2);
  });
});

describe("what is looked for beside a policy", () => {
  it("is a version newer than the default, which is only mentioned", async () => {
    const findings = await judged(stateWith({ aws_iam_policy: { arn: policyArn } }));

    expect(findings).toEqual(["warned its version v10, newer than the default, which is not used yet"]);
  });
});
