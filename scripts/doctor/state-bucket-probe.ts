import type { S3Client } from "@aws-sdk/client-s3";
import type { AccountInUse } from "../../stacks/accounts";
import { type Diagnosis, type Probe, unchecked } from "./probe";

export const bootstrapFixesIt = "npm run bootstrap fixes it";

/** What a probe of the state bucket gets. */
export interface StateBucket {
  readonly s3: S3Client;
  readonly Bucket: string;
  /** The account that it belongs to. */
  readonly account: AccountInUse;
}

/** A probe of the state bucket's configuration or content: made only if the bucket exists and is ours. */
export function stateBucketProbe(name: string, run: (bucket: StateBucket) => Promise<Diagnosis>): Probe {
  return {
    name,
    run: async (target) => {
      const account = await target.account();
      const backend = account?.account.stateBackend;
      if (!backend || (await target.stateBucket(backend)).is !== "ours") {
        return unchecked("there is no state bucket to check");
      }
      return run({ s3: target.s3(backend.region), Bucket: backend.bucket, account });
    },
  };
}
