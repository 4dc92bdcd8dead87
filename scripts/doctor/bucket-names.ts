import { application } from "../../stacks/environments";
import { failed, type Probe, passed } from "./probe";

/** An environment's buckets, by the distinct part of their names. A test compares it with what is synthesized. */
export const bucketsOfEnvironment = ["artifacts", "access-logs"] as const;

/** Whether the environments' bucket names are free, or already ours. */
export const bucketNames: Probe = {
  name: "bucket names",
  run: async (target) => {
    const byRegion = await Promise.all(
      (await target.regions()).map(async (region) =>
        Promise.all(
          (await target.environmentsIn(region)).flatMap((environment) =>
            bucketsOfEnvironment.map(async (name) => {
              const bucket = `${application.organization}-${application.name}-${name}-${environment.name}`;
              return { bucket, is: (await target.bucket(bucket, region)).is };
            }),
          ),
        ),
      ),
    );
    const buckets = byRegion.flat();
    const taken = buckets.filter(({ is }) => is === "foreign" || is === "elsewhere");
    if (taken.length > 0) {
      return failed(
        `taken: ${taken.map(({ bucket }) => bucket).join(", ")}`,
        "bucket names are globally unique: set organization in stacks/environments.ts",
      );
    }
    const ours = buckets.filter(({ is }) => is === "ours").length;
    return passed(`${ours} already ours, ${buckets.length - ours} available`);
  },
};
