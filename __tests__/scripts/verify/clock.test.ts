import { clockChecks } from "../../../scripts/verify/clock";
import type { Deployment } from "../../../scripts/verify/deployment";

describe("machine/clock", () => {
  const [check] = clockChecks;
  const run = () => check?.run({} as Deployment, () => {});

  // A response's date has no milliseconds.
  beforeEach(() => jest.spyOn(Date, "now").mockReturnValue(Date.UTC(2026, 0, 1)));
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ["ten minutes ahead", 600, "600 s ahead"],
    ["ten minutes behind", -600, "600 s behind"],
    ["a day ahead", 86_400, "86400 s ahead"],
    ["a year behind", -31_536_000, "31536000 s behind"],
  ])("names a clock that is %s", async (_, seconds, words) => {
    answerWith(seconds);

    await expect(run()).rejects.toMatchObject({
      name: "CheckFailedError",
      message: expect.stringContaining(`this machine's clock is ${words}: `),
    });
  });

  it.each([0, 5, -20, 200])("passes a clock that is off by %i s", async (seconds) => {
    answerWith(seconds);

    await expect(run()).resolves.toEqual(expect.any(String));
  });

  it("does not judge the clock if the response has no date", async () => {
    jest.spyOn(globalThis, "fetch").mockResolvedValue(new Response(null));

    await expect(run()).rejects.toMatchObject({ name: "UncheckedError" });
  });

  function answerWith(secondsAhead: number): void {
    const date = new Date(Date.now() - secondsAhead * 1000).toUTCString();
    jest.spyOn(globalThis, "fetch").mockResolvedValue(new Response(null, { headers: { date } }));
  }
});
