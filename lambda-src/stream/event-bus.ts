import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { pause } from "../runtime/pause";
import { ENTRY_MAX_BYTES, entryBytes, type ItemEvent } from "./item-event";

/** The most entries in one call. */
export const ENTRIES_MAX = 10;

/** How many times an event is sent to the bus before it is reported as failed. */
export const PUBLISH_ATTEMPTS = 3;

/** Publishes events on an EventBridge bus. */
export class EventBus {
  constructor(
    private readonly client: EventBridgeClient,
    private readonly name: string,
  ) {}

  /**
   * Publishes events, and retries those that the bus did not accept until all are accepted, the attempts are
   * used up or the signal fires. It never throws: an event is either published or in the result.
   *
   * @returns the reason for each event that was not published
   */
  async publish(events: readonly ItemEvent[], signal: AbortSignal): Promise<ReadonlyMap<ItemEvent, unknown>> {
    let failures: ReadonlyMap<ItemEvent, unknown> = new Map();
    let pending = events;
    for (let attempt = 1; pending.length > 0 && attempt <= PUBLISH_ATTEMPTS; attempt += 1) {
      if (attempt > 1) await pause(attempt, signal);
      failures = await this.send(pending, signal);
      pending = [...failures.keys()];
    }
    return failures;
  }

  private async send(events: readonly ItemEvent[], signal: AbortSignal): Promise<Map<ItemEvent, unknown>> {
    const failures = new Map<ItemEvent, unknown>();
    for (const chunk of chunks(events)) {
      try {
        const Entries = chunk.map((event) => ({ ...event, EventBusName: this.name }));
        const { Entries: results = [] } = await this.client.send(new PutEventsCommand({ Entries }), {
          abortSignal: signal,
        });
        for (const [index, event] of chunk.entries()) {
          // An event that the response does not confirm was not published.
          if (!results[index]?.EventId)
            failures.set(event, results[index] ?? "the response has no result for this entry");
        }
      } catch (error) {
        for (const event of chunk) failures.set(event, error);
      }
    }
    return failures;
  }
}

/** Splits events, in their order, into as few calls as the limits allow. */
const chunks = (events: readonly ItemEvent[]): ItemEvent[][] => {
  const found: ItemEvent[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const event of events) {
    const last = found.at(-1);
    bytes += entryBytes(event);
    if (last !== undefined && last.length < ENTRIES_MAX && bytes <= ENTRY_MAX_BYTES) last.push(event);
    else {
      found.push([event]);
      bytes = entryBytes(event);
    }
  }
  return found;
};
