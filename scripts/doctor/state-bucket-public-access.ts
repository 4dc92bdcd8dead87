import { GetPublicAccessBlockCommand } from "@aws-sdk/client-s3";
import { failed, passed } from "./probe";
import { bootstrapFixesIt, stateBucketProbe } from "./state-bucket-probe";

export const stateBucketPublicAccess = stateBucketProbe(
  "state bucket: public access",
  async ({ s3, Bucket }) => {
    const { PublicAccessBlockConfiguration: blocks = {} } = await s3
      .send(new GetPublicAccessBlockCommand({ Bucket }))
      .catch((error: unknown) => {
        if ((error as Error).name !== "NoSuchPublicAccessBlockConfiguration") throw error;
        return { PublicAccessBlockConfiguration: {} };
      });
    const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } = blocks;
    return BlockPublicAcls && BlockPublicPolicy && IgnorePublicAcls && RestrictPublicBuckets
      ? passed("blocked")
      : failed("not blocked: a policy or an ACL could make it public", bootstrapFixesIt);
  },
);
