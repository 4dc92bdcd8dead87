import { failed, type Probe, passed, unchecked } from "./probe";

/** Whether the bucket for Terraform's state exists, and is ours. */
export const stateBucket: Probe = {
  name: "state bucket",
  run: async (target) => {
    const here = await target.account();
    if (!here) return unchecked("no environment belongs in this account");
    const { stateBackend } = here.account;
    const { bucket, region } = stateBackend;
    const location = await target.stateBucket(stateBackend);
    if (location.is === "ours") return passed(`${bucket} in ${region}`);
    if (location.is === "absent") return failed(`${bucket} does not exist`, "npm run bootstrap creates it");
    if (location.is === "elsewhere") {
      return failed(
        `${bucket} is in ${location.region}, not in ${region}`,
        "set STATE_BUCKET_REGION, or region in stacks/environments.ts",
      );
    }
    return failed(
      `${bucket} belongs to another account, or these credentials cannot access it`,
      "use another profile (AWS_PROFILE), or another name: set organization in stacks/environments.ts, or STATE_BUCKET",
    );
  },
};
