import { onInterrupt } from "../../../packages/terminal/on-interrupt";

const signals = ["SIGINT", "SIGTERM"] as const;

describe("onInterrupt", () => {
  // jest has listeners of its own.
  const others = signals.map((signal) => process.listeners(signal));

  afterEach(() => {
    jest.restoreAllMocks();
    signals.forEach((signal, index) => {
      for (const listener of process.listeners(signal)) {
        if (!others[index]?.includes(listener)) process.off(signal, listener);
      }
    });
  });

  it("runs its argument on the first signal, and exits with 130 on the second", () => {
    const exit = jest.spyOn(process, "exit").mockReturnValue(undefined as never);
    const first = jest.fn();
    onInterrupt(first);

    send("SIGINT");
    expect([first.mock.calls.length, exit.mock.calls]).toEqual([1, []]);

    send("SIGTERM");
    expect(exit.mock.calls[0]).toEqual([130]);
  });

  /** To the new listener only: jest's own would end the tests. */
  function send(signal: (typeof signals)[number]): void {
    const added = process.listeners(signal).filter((one) => !others[signals.indexOf(signal)]?.includes(one));
    for (const listener of added) listener(signal);
  }
});
