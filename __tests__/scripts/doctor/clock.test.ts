import { clock } from "../../../scripts/doctor/clock";
import type { AwsTarget } from "../../../scripts/lib/aws-target";

describe("the clock probe", () => {
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ["in sync", 0, { verdict: "passed", detail: "in sync" }],
    ["half a minute ahead", 30, { verdict: "passed", detail: "30 s ahead" }],
    ["a minute behind", -60, { verdict: "warned", detail: "60 s behind" }],
    ["five minutes ahead", 300, { verdict: "failed", detail: "300 s ahead" }],
  ])("judges a clock that is %s", async (_, secondsAhead, diagnosis) => {
    const now = 1_700_000_000_000;
    jest.spyOn(Date, "now").mockReturnValue(now);
    answerWith(new Date(now - secondsAhead * 1000).toUTCString());

    expect(await clock.run({} as AwsTarget)).toMatchObject(diagnosis);
  });

  it("leaves the clock unchecked if the response has no date", async () => {
    answerWith(undefined);

    expect(await clock.run({} as AwsTarget)).toMatchObject({ verdict: "unchecked" });
  });

  function answerWith(date: string | undefined): void {
    jest.spyOn(globalThis, "fetch").mockResolvedValue(new Response(null, date ? { headers: { date } } : {}));
  }
});
