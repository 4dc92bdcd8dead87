import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Backend, type TerraformStack } from "cdktf";
import { application, stateBackend } from "./environments";

/** The first version of Terraform that can lock state in S3 without a DynamoDB table. */
const requiredVersion = ">= 1.10.0";

export interface ConnectProps {
  /** Value of the tag `Environment`. */
  readonly name: string;
  readonly region: string;
  /** The only account that Terraform can deploy to. @default the account that the credentials belong to */
  readonly accountId?: string | undefined;
}

/** Configures a stack's AWS provider, its default tags, and the backend where Terraform keeps its state. */
export function connect(stack: TerraformStack, { name, region, accountId }: ConnectProps): void {
  new AwsProvider(stack, "aws", {
    region,
    ...(accountId && { allowedAccountIds: [accountId] }),
    defaultTags: [
      {
        tags: {
          Application: application.name,
          Environment: name,
          ManagedBy: "cdktf",
          Owner: application.owner,
          Repository: application.repository,
        },
      },
    ],
  });
  const backend = new S3Backend(stack, {
    bucket: stateBackend.bucket,
    region: stateBackend.region,
    key: `${stack.node.id}/terraform.tfstate`,
    encrypt: true,
  });
  // Locks the state with a file next to it. cdktf 0.21 has no typed attribute for this.
  backend.addOverride("use_lockfile", true);
  stack.addOverride("terraform.required_version", requiredVersion);
}
