import { awsFailure } from "../../../scripts/lib/aws-failure";

describe("awsFailure", () => {
  it.each([
    [
      "no credentials",
      { name: "CredentialsProviderError", message: "Could not load" },
      /^there are no credentials: sign in/,
    ],
    [
      "credentials that have expired",
      { name: "ExpiredTokenException", message: "expired" },
      /^the credentials have expired/,
    ],
    [
      "credentials that AWS does not know",
      { name: "InvalidClientTokenId", message: "no" },
      /^AWS does not know these/,
    ],
    [
      "a refused connection",
      { name: "Error", message: "x", code: "ECONNREFUSED" },
      /does not answer \(ECONNREFUSED\)/,
    ],
    [
      "a fetch that fails",
      { name: "TypeError", message: "x", cause: { code: "ENOTFOUND" } },
      /does not answer \(ENOTFOUND\)/,
    ],
    [
      "a service's error with a message",
      { name: "NoSuchBucket", message: "It does\n  not exist" },
      /^NoSuchBucket: It does not exist$/,
    ],
    ["a service's error without a message", { name: "Unknown", message: "UnknownError" }, /^Unknown$/],
  ])("describes %s in one line", (_, error, line) => {
    expect(awsFailure(error)).toMatch(line);
  });
});
