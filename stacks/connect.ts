import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Backend, type TerraformStack } from "cdktf";
import { application, stateBackend } from "./environments";

/** Says where a stack's resources are made, with which tags, and where Terraform keeps the stack's state. */
export function connect(
  stack: TerraformStack,
  { name, region }: { readonly name: string; readonly region: string },
): void {
  new AwsProvider(stack, "aws", {
    region,
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
}
