/** One line of what a call to AWS failed with, its remedy included where it is about how AWS is reached at all. */
export function awsFailure(error: unknown): string {
  const { name = "Error", message = `${error}`, code } = error as Partial<NodeJS.ErrnoException>;
  const said = message.replace(/\s+/g, " ").trim();
  if (name === "CredentialsProviderError") {
    return "there are no credentials: sign in (aws sso login, or AWS_PROFILE), or reach the emulator by npm run local -- <command>";
  }
  if (/^(?:ExpiredToken|RequestExpired|TokenRefreshRequired)/.test(name)) {
    return "the credentials have expired: sign in again (aws sso login)";
  }
  if (
    /^(?:InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch)$/.test(
      name,
    )
  ) {
    return `AWS does not know these credentials (${name}): sign in again, or look at AWS_PROFILE and AWS_ACCESS_KEY_ID`;
  }
  const refused = code ?? (error as { cause?: NodeJS.ErrnoException }).cause?.code;
  if (
    refused &&
    /^E(?:CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|TIMEDOUT)$/.test(refused)
  ) {
    const where = process.env.AWS_ENDPOINT_URL ?? "AWS";
    return `${where} does not answer (${refused}): look at the network and at AWS_ENDPOINT_URL; the emulator is started by npm start`;
  }
  return said && said !== name && said !== "UnknownError" ? `${name}: ${said}` : name;
}
