import { lowestFailure } from "../../../../../packages/laptop/gaps/stream-mapping/lowest-failure";

describe("lowestFailure", () => {
  const batch = ["100", "200", "300"];
  const failures = (...itemIdentifiers: unknown[]) => ({
    batchItemFailures: itemIdentifiers.map((itemIdentifier) => ({ itemIdentifier })),
  });

  it.each([null, undefined, {}, "", { batchItemFailures: null }, { batchItemFailures: [] }])(
    "takes %j for success",
    (answer) => {
      expect(lowestFailure(batch, answer)).toBeUndefined();
    },
  );

  it("finds the first failed record, in whatever order they are listed", () => {
    expect(lowestFailure(batch, failures("300", "200"))).toBe(1);
    expect(lowestFailure(batch, failures("300"))).toBe(2);
  });

  it.each([
    failures(""),
    failures(null),
    failures("300", ""),
    failures("unknown"),
    failures(300),
    { batchItemFailures: [{ sequenceNumber: "300" }] },
    { batchItemFailures: [null] },
    { batchItemFailures: "300" },
  ])("treats %j as a failure of the whole batch", (answer) => {
    expect(lowestFailure(batch, answer)).toBe(0);
  });
});
