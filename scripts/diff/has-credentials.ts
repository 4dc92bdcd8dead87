import { STSClient } from "@aws-sdk/client-sts";
import { UserError } from "../../packages/terminal/user-error";
import { awsFailure } from "../lib/aws-failure";

/** A user who sets one of these means to use AWS. */
const signsOfIntent = ["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"];

/**
 * Whether there are AWS credentials, in any of the places where AWS's own tools look.
 * @throws UserError if the user configured some, but they cannot be obtained
 */
export async function hasCredentials(region: string): Promise<boolean> {
  const sts = new STSClient({ region });
  try {
    await sts.config.credentials();
    return true;
  } catch (error) {
    const intended = signsOfIntent.filter((name) => process.env[name]);
    if (intended.length === 0) return false;
    throw new UserError(
      `${intended.join(", ")} ${intended.length > 1 ? "are" : "is"} set, but there are no credentials: ${awsFailure(error)}. Or plan against an emulator, with --emulator`,
      { cause: error },
    );
  } finally {
    sts.destroy();
  }
}
