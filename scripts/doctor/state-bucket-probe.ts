import { stateBackend } from "../../stacks/environments";
import type { AwsTarget } from "../lib/aws-target";
import { type Diagnosis, type Probe, unchecked } from "./probe";

export const Bucket = stateBackend.bucket;
export const bootstrapFixesIt = "npm run bootstrap fixes it";

/** A probe of the state bucket's configuration or content: made only if the bucket exists and is ours. */
export function stateBucketProbe(name: string, run: (target: AwsTarget) => Promise<Diagnosis>): Probe {
  return {
    name,
    run: async (target) => {
      const { is } = await target.stateBucket();
      return is === "ours" ? run(target) : unchecked("there is no state bucket to check");
    },
  };
}
