import { callFailure } from "../../../lambda-src/runtime/call-failure";

describe("a failed call", () => {
  it.each([
    { name: "ThrottlingException" },
    { name: "RequestLimitExceeded" },
    { name: "ProvisionedThroughputExceededException" },
    { name: "TransactionInProgressException" },
    { name: "TransactionConflictException", $metadata: { httpStatusCode: 400 } },
    { name: "TimeoutError" },
    { name: "AbortError" },
    ...["EAI_AGAIN", "ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"]
      .concat("EPIPE", "ETIMEDOUT")
      .map((code) => ({ name: "Error", code })),
    { name: "InternalServerError", $metadata: { httpStatusCode: 500 } },
    { name: "UnknownError", $metadata: { httpStatusCode: 503 } },
  ])("can succeed later: %j", (error) => {
    expect(callFailure(error)).toMatchObject({ name: error.name, transient: true });
  });

  it.each([
    { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } },
    { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 400 } },
    { name: "ExpiredTokenException", $metadata: { httpStatusCode: 400 } },
    { name: "ConditionalCheckFailedException" },
    { name: "TypeError" },
    undefined,
    null,
    "a string",
  ])("would fail again: %j", (error) => {
    expect(callFailure(error).transient).toBe(false);
  });

  it("is marked as throttled only if the service throttled it", () => {
    const failures = [{ name: "ThrottlingException" }, { name: "TimeoutError" }].map(callFailure);

    expect(failures.map(({ throttled }) => throttled)).toEqual([true, false]);
  });
});
