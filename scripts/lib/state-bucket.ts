import {
  BucketAlreadyExists,
  BucketAlreadyOwnedByYou,
  type BucketLocationConstraint,
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { UserError } from "../../packages/terminal/user-error";
import type { StateBackend } from "../../stacks/environments";

/**
 * Creates the bucket for Terraform's state, unless it exists. Public access is blocked and versioning is on. Like every
 * bucket, it is encrypted.
 * @throws UserError if the name belongs to somebody else
 */
export async function ensureStateBucket({ bucket, region }: StateBackend): Promise<void> {
  const s3 = new S3Client({ region });
  try {
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        // us-east-1 is the one Region that S3 does not accept as a constraint.
        ...(region !== "us-east-1" && {
          CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
        }),
      }),
    );
  } catch (error) {
    if (error instanceof BucketAlreadyExists) {
      throw new UserError(
        `bucket ${bucket} belongs to somebody else. Bucket names are globally unique: set organization, or the account's stateBackend, in stacks/environments.ts`,
        { cause: error },
      );
    }
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  }
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
  );
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket: bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  s3.destroy();
}
