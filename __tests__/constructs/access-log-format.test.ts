import { accessLogFormat } from "../../constructs/access-log-format";

describe("accessLogFormat", () => {
  it("is one line of JSON", () => {
    expect(accessLogFormat).not.toContain("\n");
    expect(JSON.parse(accessLogFormat)).toEqual(expect.any(Object));
  });

  it("has the request id, and the extended one, which a caller cannot choose", () => {
    expect(JSON.parse(accessLogFormat)).toMatchObject({
      requestId: "$context.requestId",
      extendedRequestId: "$context.extendedRequestId",
    });
  });
});
