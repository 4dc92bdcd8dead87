import { judgeIdentityProvider } from "../../../scripts/doctor/judge-identity-provider";

const issuer = "token.actions.githubusercontent.com";
const subject = "repo:example/app:*";
const arn = `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
const others = ["arn:aws:iam::111122223333:oidc-provider/gitlab.com", `${arn}.example.com`];
const address = "aws_iam_openid_connect_provider.pipeline-role_provider_1A2B";

const judge = (
  existingProvider: boolean,
  existing: readonly string[],
  managed: Record<string, string> = {},
) => judgeIdentityProvider({ issuer, subject, existingProvider }, { existing, managed });

describe("the judgement of the pipeline's identity provider", () => {
  it.each([
    ["account-stack will create it", judge(false, others)],
    ["account-stack has created it", judge(false, [...others, arn], { [address]: arn })],
    ["another program manages it", judge(true, [...others, arn])],
    [
      "existingProvider is left out",
      judgeIdentityProvider({ issuer, subject }, { existing: [], managed: {} }),
    ],
  ])("passes if %s", (_, { verdict }) => {
    expect(verdict).toBe("passed");
  });

  it("names the line to add if another program's would be in the way", () => {
    expect(judge(false, [arn])).toEqual({
      verdict: "failed",
      detail: `${arn} exists, and account-stack does not manage it: AWS refuses a second one for ${issuer}`,
      remedy: "add existingProvider: true to pipelineAccess in stacks/environments.ts",
    });
  });

  it("names the line to remove if there is none", () => {
    expect(judge(true, others)).toMatchObject({
      verdict: "failed",
      remedy: expect.stringContaining("remove existingProvider from pipelineAccess"),
    });
  });

  it("names the command that keeps one which the next deployment would destroy", () => {
    expect(judge(true, [arn], { [address]: arn })).toMatchObject({
      verdict: "failed",
      remedy: expect.stringContaining(
        `terraform -chdir=cdktf.out/stacks/account-stack state rm ${address}, so that it stays`,
      ),
    });
  });
});
