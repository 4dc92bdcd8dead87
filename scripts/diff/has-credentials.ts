import { STSClient } from "@aws-sdk/client-sts";
import { UserError } from "../../packages/terminal/user-error";
import { awsFailure } from "../lib/aws-failure";

/** Whoever sets one of them means to reach AWS. */
const asked = ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"];

/**
 * Whether there are AWS credentials here, wherever AWS's own tools look for them.
 * @throws UserError where some were meant, and cannot be had
 */
export async function hasCredentials(region: string): Promise<boolean> {
  const sts = new STSClient({ region });
  try {
    await sts.config.credentials();
    return true;
  } catch (error) {
    const meant = asked.filter((name) => process.env[name]);
    if (meant.length === 0) return false;
    throw new UserError(
      `${meant.join(", ")} ${meant.length > 1 ? "are" : "is"} set, and gives no credentials: ${awsFailure(error)}; or plan against an emulator, with --emulator`,
      { cause: error },
    );
  } finally {
    sts.destroy();
  }
}
