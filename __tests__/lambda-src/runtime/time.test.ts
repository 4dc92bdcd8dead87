import { withDeadline } from "../../../lambda-src/runtime/deadline";
import { pause } from "../../../lambda-src/runtime/pause";
import { context } from "../../support/api-event";

describe("a deadline", () => {
  it.each([
    ["succeeds", async () => "done"],
    [
      "fails",
      async () => {
        throw new Error("failed");
      },
    ],
  ])("leaves no timer behind when the work %s", async (_, work: () => Promise<string>) => {
    jest.useFakeTimers();

    await withDeadline(context(), work).catch(() => {});

    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });
});

describe("a pause", () => {
  it("ends when the signal fires, however long it would last", async () => {
    const random = jest.spyOn(Math, "random").mockReturnValue(1);
    const deadline = new AbortController();

    const paused = pause(20, deadline.signal);
    deadline.abort();

    await expect(paused).resolves.toBeUndefined();
    random.mockRestore();
  });
});
