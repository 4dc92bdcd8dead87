import { countsOf, type Finding } from "../../../scripts/lib/finding";

describe("countsOf", () => {
  it("leaves out zeros, except for passed and failed", () => {
    const of = (...verdicts: Finding["verdict"][]) =>
      countsOf(verdicts.map((verdict) => ({ check: "c", verdict, detail: "" })));

    expect(of("passed", "passed")).toBe("2 passed, 0 failed");
    expect(of("warned", "failed", "unchecked")).toBe("0 passed, 1 warned, 1 failed, 1 could not be checked");
  });
});
