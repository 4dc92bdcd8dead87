import { type Probe, passed, warned } from "./probe";

const minute = 60_000;
/** More than a first deployment takes. */
const enoughMinutes = 20;

/** Whose credentials these are, and for how long. Without them, no other probe can call AWS. */
export const credentials: Probe = {
  name: "credentials",
  run: async (target) => {
    const { account, arn, expiration } = await target.caller();
    const minutes = expiration ? Math.floor((expiration.getTime() - Date.now()) / minute) : undefined;
    const validity = minutes === undefined ? "they do not expire" : `valid for ${minutes} more minutes`;
    const detail = `${arn} of account ${account}; ${validity}`;
    if (minutes !== undefined && minutes < enoughMinutes) {
      return warned(detail, "they may expire during a deployment: sign in again first (aws sso login)");
    }
    if (arn.endsWith(":root") && account !== "000000000000") {
      return warned(detail, "this is the account's root user, which can do everything: deploy with a role");
    }
    return passed(detail);
  },
};
