import { GetBucketVersioningCommand } from "@aws-sdk/client-s3";
import { failed, passed } from "./probe";
import { bootstrapFixesIt, stateBucketProbe } from "./state-bucket-probe";

export const stateBucketVersioning = stateBucketProbe("state bucket: versioning", async ({ s3, Bucket }) => {
  const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
  return Status === "Enabled"
    ? passed("on: every version of a state is kept")
    : failed("off: a damaged state could not be recovered", bootstrapFixesIt);
});
