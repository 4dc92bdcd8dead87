import { randomUUID } from "node:crypto";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { failed, passed } from "./probe";
import { stateBucketProbe } from "./state-bucket-probe";

/** Takes a lock as Terraform does, by a conditional write, and checks that it cannot be taken twice. */
export const stateBucketLocking = stateBucketProbe("state bucket: locking", async ({ s3, Bucket }) => {
  // A key like that of Terraform's own locks, under a name that no stack has.
  const Key = `doctor-${randomUUID()}/terraform.tfstate.tflock`;
  const take = () => s3.send(new PutObjectCommand({ Bucket, Key, Body: "{}", IfNoneMatch: "*" }));
  const { VersionId } = await take();
  try {
    const second = await take().then(
      () => "taken",
      (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode,
    );
    return second === 412 || second === 409
      ? passed("a lock was taken, could not be taken twice, and was released")
      : failed(
          "a lock could be taken twice: two deployments could write at the same time",
          "keep the state in AWS S3: Terraform's locks need its conditional writes",
        );
  } finally {
    const remove = (version?: string) =>
      s3.send(new DeleteObjectCommand({ Bucket, Key, ...(version && { VersionId: version }) }));
    // Deleting the version leaves nothing behind, but needs a permission that Terraform itself does not.
    await remove(VersionId).catch(() => remove());
  }
});
