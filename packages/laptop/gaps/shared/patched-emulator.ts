/** The emulator cannot be reached: it is restarting. */
export class EmulatorRestartsError extends Error {
  override readonly name = "EmulatorRestartsError";
}

const timeoutMilliseconds = 5_000;

/**
 * Calls the paths that packages/laptop/patched-emulator adds to MiniStack. AWS does not have them, so the calls are
 * unsigned, and go to the emulator's own port instead of through the gateway.
 */
export class PatchedEmulator {
  /** @param port the emulator's port; undefined while it restarts */
  constructor(
    private readonly port: () => number | undefined,
    private readonly account: string,
  ) {}

  /**
   * @throws EmulatorRestartsError while the emulator restarts
   * @throws Error if it fails, or does not respond within 5 seconds
   */
  async call<T>(name: "event" | "metric-samples", input: object): Promise<T> {
    const port = this.port();
    if (port === undefined) throw new EmulatorRestartsError();
    const response = await fetch(`http://127.0.0.1:${port}/_laptop/${name}`, {
      method: "POST",
      body: JSON.stringify({ account: this.account, ...input }),
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    if (!response.ok) throw new Error(`the emulator returns ${response.status} for /_laptop/${name}`);
    return (await response.json()) as T;
  }
}
