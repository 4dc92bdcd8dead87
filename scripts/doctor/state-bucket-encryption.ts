import { GetBucketEncryptionCommand } from "@aws-sdk/client-s3";
import { failed, passed } from "./probe";
import { bootstrapFixesIt, stateBucketProbe } from "./state-bucket-probe";

export const stateBucketEncryption = stateBucketProbe("state bucket: encryption", async ({ s3, Bucket }) => {
  const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  const [rule] = ServerSideEncryptionConfiguration?.Rules ?? [];
  const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
  return algorithm ? passed(algorithm) : failed("no default encryption", bootstrapFixesIt);
});
