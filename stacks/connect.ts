import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Backend, type TerraformStack } from "cdktf";
import { promise } from "../packages/guardrails/promise";
import { type Account, application } from "./environments";

/** The first version of Terraform that can lock state in S3 without a DynamoDB table. */
const requiredVersion = ">= 1.10.0";

export interface ConnectProps {
  /** Value of the tag `Environment`. */
  readonly name: string;
  readonly region: string;
  /** The only account that Terraform can deploy to if it has an id, and where the stack's state is. */
  readonly account: Account;
}

/** Configures a stack's AWS provider, its default tags, and the backend where Terraform keeps its state. */
export function connect(stack: TerraformStack, props: ConnectProps): void {
  const provider = provide(stack, "aws", props);
  promise(
    provider,
    "everything is created in this Region and account, by the tested provider, with these tags",
    ["terraform.required_providers.aws", "provider.aws"],
  );
  const { bucket, region } = props.account.stateBackend;
  const backend = new S3Backend(stack, {
    bucket,
    region,
    key: `${stack.node.id}/terraform.tfstate`,
    encrypt: true,
  });
  // Locks the state with a file next to it. cdktf 0.21 has no typed attribute for this.
  backend.addOverride("use_lockfile", true);
  stack.addOverride("terraform.required_version", requiredVersion);
  promise(backend, "the stack's state is where it was: elsewhere, everything would be created again", [
    "terraform.backend.s3",
  ]);
}

/** A provider for one more Region, for the resources that name it. */
export function connectRegion(stack: TerraformStack, props: ConnectProps): AwsProvider {
  return provide(stack, `aws-${props.region}`, props, props.region);
}

function provide(
  stack: TerraformStack,
  id: string,
  { name, region, account }: ConnectProps,
  alias?: string,
): AwsProvider {
  return new AwsProvider(stack, id, {
    region,
    ...(alias && { alias }),
    ...(account.id && { allowedAccountIds: [account.id] }),
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
}
