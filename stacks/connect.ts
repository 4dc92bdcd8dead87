import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Backend, type TerraformStack } from "cdktf";
import { application, stateBackend } from "./environments";

/** The first Terraform that locks state in S3 without a table. */
const requiredVersion = ">= 1.10.0";

export interface ConnectProps {
  /** Value of the tag `Environment`. */
  readonly name: string;
  readonly region: string;
  /** The only account that Terraform may deploy into. @default whichever the credentials belong to */
  readonly accountId?: string | undefined;
}

/** Says where a stack's resources are made, with which tags, and where Terraform keeps the stack's state. */
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
  // Terraform's own lock file beside the state; cdktf 0.21 has no typed attribute for it.
  backend.addOverride("use_lockfile", true);
  stack.addOverride("terraform.required_version", requiredVersion);
}
