import { readTraceHeader } from "./trace-segments";

const kept = 1_000;
/** A function cannot run longer than this when API Gateway calls it. */
const longestMilliseconds = 30_000;

/** Remembers which request each trace began with. */
export class TracedRequests {
  private readonly requests = new Map<string, Promise<string>>();

  /** @param description of the request, complete once it has been answered */
  add(traceId: string, description: Promise<string>): void {
    this.requests.set(traceId, description);
    const [oldest] = this.requests.keys();
    if (oldest && this.requests.size > kept) this.requests.delete(oldest);
  }

  /** Waits until the request has been answered, half a minute at most. */
  async find(traceHeader: string): Promise<string | undefined> {
    const description = this.requests.get(readTraceHeader(traceHeader).traceId);
    if (!description) return undefined;
    const timeout = new Promise<undefined>((resolve) =>
      setTimeout(resolve, longestMilliseconds, undefined).unref(),
    );
    return Promise.race([description, timeout]);
  }
}
