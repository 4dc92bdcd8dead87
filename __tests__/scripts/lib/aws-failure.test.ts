import { awsFailure } from "../../../scripts/lib/aws-failure";

describe("awsFailure", () => {
  it.each<[string, object, RegExp]>([
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
    ...[
      ["RequestTimeTooSkewed", "The difference between the request time and the current time is too large."],
      ["RequestExpired", "Request has expired."],
      ["SignatureDoesNotMatch", "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z"],
      ["InvalidSignatureException", "Signature not yet current: 20260101T001000Z is still later than …"],
      ["AuthFailure", "The request is not within 15 minutes of the server time"],
    ].map(([name = "", message = ""]): [string, object, RegExp] => [
      `a wrong clock, as ${name}`,
      { name, message },
      new RegExp(`^this machine's clock is wrong, so AWS rejects its signatures \\(${name}\\): synchronize`),
    ]),
    [
      "a wrong signature with a right clock",
      { name: "SignatureDoesNotMatch", message: "The request signature we calculated does not match" },
      /^AWS does not know these credentials/,
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
