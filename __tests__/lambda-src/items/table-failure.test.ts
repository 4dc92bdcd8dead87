import { isItemTooLarge, isTableUnavailable } from "../../../lambda-src/items/table-failure";

describe("a failure of the table", () => {
  it.each([
    { name: "ThrottlingException" },
    { name: "RequestLimitExceeded" },
    { name: "ProvisionedThroughputExceededException" },
    { name: "TimeoutError" },
    { name: "Error", code: "ECONNREFUSED" },
    { name: "Error", code: "ENOTFOUND" },
    { name: "InternalServerError", $metadata: { httpStatusCode: 500 } },
    { name: "UnknownError", $metadata: { httpStatusCode: 503 } },
  ])("may pass: %j", (error) => {
    expect(isTableUnavailable(error)).toBe(true);
  });

  it.each([
    { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } },
    { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 400 } },
    { name: "ConditionalCheckFailedException" },
    { name: "TypeError" },
    undefined,
    null,
    "a string",
  ])("stays: %j", (error) => {
    expect(isTableUnavailable(error)).toBe(false);
  });

  it.each([
    [{ name: "ValidationException", message: "Item size has exceeded the maximum allowed size" }, true],
    [{ name: "ValidationException", message: "Type mismatch for key id" }, false],
    [{ name: "Error", message: "Item size has exceeded the maximum allowed size" }, false],
  ])("is the item's size for %j: %s", (error, expected) => {
    expect(isItemTooLarge(error)).toBe(expected);
  });
});
