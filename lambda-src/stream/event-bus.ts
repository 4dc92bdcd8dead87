import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { pause } from "../runtime/pause";
import { ENTRY_MAX_BYTES, entryBytes, type ItemEvent } from "./item-event";

/** Most entries of one call. */
export const ENTRIES_MAX = 10;

/** Times that an event is offered to the bus before it is reported. */
export const PUBLISH_ATTEMPTS = 3;

/** Puts events on an EventBridge bus. */
export class EventBus {
  constructor(
    private readonly client: EventBridgeClient,
    private readonly name: string,
  ) {}

  /**
   * Publishes events, and those again that the bus did not take, until they are taken, the attempts are used up or
   * the signal fires. It never throws: an event is published, or it is in the answer.
   *
   * @returns why, by the event, those that were not published were not
   */
  async publish(events: readonly ItemEvent[], signal: AbortSignal): Promise<ReadonlyMap<ItemEvent, unknown>> {
    let failures: ReadonlyMap<ItemEvent, unknown> = new Map();
    let pending = events;
    for (let attempt = 1; pending.length > 0 && attempt <= PUBLISH_ATTEMPTS; attempt += 1) {
      if (attempt > 1) await pause(attempt, signal);
      failures = await this.offer(pending, signal);
      pending = [...failures.keys()];
    }
    return failures;
  }

  private async offer(events: readonly ItemEvent[], signal: AbortSignal): Promise<Map<ItemEvent, unknown>> {
    const failures = new Map<ItemEvent, unknown>();
    for (const chunk of chunks(events)) {
      try {
        const Entries = chunk.map((event) => ({ ...event, EventBusName: this.name }));
        const { Entries: results = [] } = await this.client.send(new PutEventsCommand({ Entries }), {
          abortSignal: signal,
        });
        for (const [index, event] of chunk.entries()) {
          // What the answer does not say was taken was not.
          if (!results[index]?.EventId) failures.set(event, results[index] ?? "the answer has no such entry");
        }
      } catch (error) {
        for (const event of chunk) failures.set(event, error);
      }
    }
    return failures;
  }
}

/** Events in their order, as many together as one call may have. */
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
