import type { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

export interface PublishedEntry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Resources: readonly string[];
  readonly EventBusName: string;
  readonly Time: Date;
}

/**
 * What goes wrong with an entry: it is refused, its whole call fails, or it is accepted but the response is
 * lost or empty.
 */
export type BusFault = "refuse" | "fail call" | "lose answer" | "forget entries";

/**
 * Replaces the EventBridge client: keeps the entries that it accepts and enforces the limits of PutEvents.
 */
export class FakeBus {
  readonly published: PublishedEntry[] = [];
  readonly calls: PublishedEntry[][] = [];
  /** Called for every entry. `undefined` accepts it. */
  fault: (entry: PublishedEntry, callNumber: number) => BusFault | undefined = () => undefined;

  client(): EventBridgeClient {
    const send = async (command: PutEventsCommand, { abortSignal }: { abortSignal: AbortSignal }) => {
      if (abortSignal.aborted) throw Object.assign(new Error("aborted"), { name: "AbortError" });
      return this.put(command.input.Entries as PublishedEntry[]);
    };
    return { send } as unknown as EventBridgeClient;
  }

  details(): { readonly eventId: string; readonly [name: string]: unknown }[] {
    return this.published.map(({ Detail }) => JSON.parse(Detail));
  }

  private put(entries: PublishedEntry[]) {
    this.calls.push(entries);
    const bytes = entries.map(
      ({ Source, DetailType, Detail, Resources }) =>
        14 +
        [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    );
    if (
      entries.length < 1 ||
      entries.length > 10 ||
      bytes.reduce((sum, size) => sum + size, 0) >= 256 * 1024
    ) {
      throw Object.assign(new Error("the request is too large"), { name: "ValidationException" });
    }
    const faults = entries.map((entry) => this.fault(entry, this.calls.length));
    if (faults.includes("fail call")) throw Object.assign(new Error("no bus"), { name: "InternalException" });
    const taken = entries.filter((_, index) => faults[index] !== "refuse");
    this.published.push(...taken);
    if (faults.includes("lose answer")) throw Object.assign(new Error("hung up"), { code: "ECONNRESET" });
    if (faults.includes("forget entries")) return {};
    return {
      FailedEntryCount: entries.length - taken.length,
      Entries: faults.map((fault) =>
        fault === "refuse"
          ? { ErrorCode: "ThrottlingException", ErrorMessage: "slow down" }
          : { EventId: "id" },
      ),
    };
  }
}
