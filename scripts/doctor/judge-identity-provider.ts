import type { PipelineAccess } from "../../stacks/environments";
import { type Diagnosis, failed, passed } from "./probe";

/** Where account-stack's state has the provider. */
const stackFolder = "cdktf.out/stacks/account-stack";

export interface IdentityProviders {
  /** ARNs of the account's OpenID Connect providers. */
  readonly existing: readonly string[];
  /** By Terraform address, the ARNs of those in account-stack's state. */
  readonly managed: Readonly<Record<string, string>>;
}

/** An account can have one identity provider for each issuer, which account-stack or another program manages. */
export function judgeIdentityProvider(
  { issuer, existingProvider = false }: PipelineAccess,
  { existing, managed }: IdentityProviders,
): Diagnosis {
  const arn = existing.find((one) => one.endsWith(`:oidc-provider/${issuer}`));
  const [address] = Object.entries(managed).find(([, one]) => one === arn) ?? [];
  if (!existingProvider) {
    if (!arn) return passed(`account-stack creates the one for ${issuer}`);
    if (address) return passed(`account-stack manages ${arn}`);
    return failed(
      `${arn} exists, and account-stack does not manage it: AWS refuses a second one for ${issuer}`,
      "add existingProvider: true to pipelineAccess in stacks/environments.ts",
    );
  }
  if (!arn) {
    return failed(
      `this account has none for ${issuer}, although existingProvider is true`,
      "remove existingProvider from pipelineAccess in stacks/environments.ts: account-stack then creates it",
    );
  }
  if (!address) return passed(`${arn} exists, and another program manages it`);
  return failed(
    `account-stack manages ${arn}, and its next deployment destroys it, because existingProvider is true`,
    `terraform -chdir=${stackFolder} state rm ${address}, so that it stays for others; or remove existingProvider from pipelineAccess in stacks/environments.ts`,
  );
}
