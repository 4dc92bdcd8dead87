/** Why a call to AWS failed, in one line. Includes the remedy if AWS could not be reached or refused the credentials. */
export function awsFailure(error: unknown): string {
  const { name = "Error", message = `${error}`, code } = error as Partial<NodeJS.ErrnoException>;
  const text = message.replace(/\s+/g, " ").trim();
  if (name === "CredentialsProviderError") {
    return "there are no credentials: sign in (aws sso login, or AWS_PROFILE), or use the emulator (npm run local -- <command>)";
  }
  if (isAboutClock(name, text)) {
    return `this machine's clock is wrong, so AWS rejects its signatures (${name}): synchronize it with NTP`;
  }
  if (/^(?:ExpiredToken|TokenRefreshRequired)/.test(name)) {
    return "the credentials have expired: sign in again (aws sso login)";
  }
  if (
    /^(?:InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch)$/.test(
      name,
    )
  ) {
    return `AWS does not know these credentials (${name}): sign in again, or check AWS_PROFILE and AWS_ACCESS_KEY_ID`;
  }
  const refused = code ?? (error as { cause?: NodeJS.ErrnoException }).cause?.code;
  if (
    refused &&
    /^E(?:CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|TIMEDOUT)$/.test(refused)
  ) {
    const where = process.env.AWS_ENDPOINT_URL ?? "AWS";
    return `${where} does not answer (${refused}): check the network and AWS_ENDPOINT_URL. For the emulator, run npm start`;
  }
  return text && text !== name && text !== "UnknownError" ? `${name}: ${text}` : name;
}

/** Several services report a wrong clock as a wrong signature. Only the message shows the difference. */
function isAboutClock(name: string, text: string): boolean {
  return (
    /^(?:RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)/.test(name) ||
    /Signature (?:expired|not yet current)|not within .* of (?:the )?server time|difference between the request time/i.test(
      text,
    )
  );
}
