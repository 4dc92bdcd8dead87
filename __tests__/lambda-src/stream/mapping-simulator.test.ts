import type { DynamoDBRecord } from "aws-lambda";
import { Telemetry } from "../../../lambda-src/runtime/telemetry";
import { EventBus } from "../../../lambda-src/stream/event-bus";
import { streamHandler } from "../../../lambda-src/stream/stream-handler";
import { context } from "../../support/api-event";
import { campaignProgress, campaignSize, campaignTimeoutMs } from "../../support/campaign";
import { captureOutput } from "../captured-output";
import { FakeBus } from "./fake-bus";
import { MappingSimulator } from "./mapping-simulator";
import { streamRecord } from "./stream-record";

jest.mock("../../../lambda-src/runtime/pause", () => ({ pause: async () => {} }));

/** Mulberry32: returns the same numbers for the same seed. */
const seeded = (seed: number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const RECORDS = campaignSize(50_000, 1_000_000);
const SHARD = 5_000;

type Kind = "good" | "poison" | "poison without a sequence number" | "idempotency record";

const record = (number: number, kind: Kind, random: () => number): DynamoDBRecord => {
  if (kind === "idempotency record") return streamRecord(number, { id: "idempotency/x", timestamp: -1 });
  const eventName = (["INSERT", "MODIFY", "REMOVE"] as const)[Math.floor(random() * 3)] ?? "INSERT";
  const made = streamRecord(number, { id: `id-${number % 97}`, eventName });
  if (kind === "good") return made;
  const { OldImage: _old, NewImage: _new, SequenceNumber, ...rest } = made.dynamodb ?? {};
  return {
    ...made,
    dynamodb: { ...rest, ...(kind === "poison" && SequenceNumber ? { SequenceNumber } : {}) },
  };
};

const kindOf = (draw: number): Kind => {
  if (draw < 0.009) return "poison";
  if (draw < 0.01) return "poison without a sequence number";
  return draw < 0.05 ? "idempotency record" : "good";
};

class QuietTelemetry extends Telemetry {
  override begin(): void {}
  override count(): void {}
}

describe.each([
  { bisectBatchOnFunctionError: true, records: RECORDS },
  { bisectBatchOnFunctionError: false, records: RECORDS / 5 },
])("the stream function under a mapping (%j)", ({ bisectBatchOnFunctionError, records: total }) => {
  let output: ReturnType<typeof captureOutput>;

  beforeEach(() => {
    output = captureOutput();
  });

  afterEach(() => output.restore());

  it(
    "loses no record, has every effect once, and sends every poison record to the failure destination",
    async () => {
      const random = seeded(20_261_123);
      const telemetry = new QuietTelemetry({
        service: "stream",
        metricsNamespace: "Shop",
        application: "shop",
        environment: "test",
        daemonAddress: undefined,
      });
      telemetry.logger.setLogLevel("SILENT");
      const counts = { poison: 0, good: 0, applied: 0, replayed: 0, ranges: 0, invocations: 0 };

      const progress = campaignProgress(
        `records of the stream, ${bisectBatchOnFunctionError ? "bisected" : "not bisected"}`,
        total,
      );
      for (let start = 0; start < total; start += SHARD) {
        const kinds = Array.from({ length: SHARD }, () => kindOf(random()));
        const shard = kinds.map((kind, position) => record(start + position, kind, random));
        const bus = new FakeBus();
        bus.fault = () => {
          const draw = random();
          if (draw < 0.002) return "refuse";
          return draw < 0.0025 ? "lose answer" : undefined;
        };
        const handler = streamHandler({ bus: new EventBus(bus.client(), "bus"), telemetry });
        const mapping = new MappingSimulator(shard, (Records) => handler({ Records }, context()), {
          batchSize: 100,
          maximumRetryAttempts: 5,
          bisectBatchOnFunctionError,
          random,
          interruption: () => {
            const draw = random();
            if (draw < 0.005) return "dies before";
            return draw < 0.01 ? "dies after" : "none";
          },
        });

        await mapping.run();

        // A consumer that remembers the eventIds it has seen.
        const effects = new Map<string, string>();
        const contradictions: string[] = [];
        for (const { Detail } of bus.published) {
          const { eventId } = JSON.parse(Detail);
          if ((effects.get(eventId) ?? Detail) !== Detail) contradictions.push(eventId);
          effects.set(eventId, Detail);
        }
        // A duplicate is identical to the first event.
        expect(contradictions).toEqual([]);
        const failed = new Set<number>();
        for (const { first, last } of mapping.failedRanges) {
          for (let position = first; position <= last; position += 1) failed.add(position);
        }
        const goodIds = kinds.flatMap((kind, position) =>
          kind === "good" ? [`event-${start + position}`] : [],
        );
        const poison = kinds.flatMap((kind, position) => (kind.startsWith("poison") ? [position] : []));
        expect(goodIds.filter((eventId) => !effects.has(eventId))).toEqual([]);
        expect(effects.size).toBe(goodIds.length);
        expect(poison.filter((position) => !failed.has(position))).toEqual([]);
        const ranges = mapping.failedRanges.filter(
          ({ first, last }) => !poison.some((position) => position >= first && position <= last),
        );
        expect(ranges).toEqual([]);
        counts.poison += poison.length;
        counts.good += goodIds.length;
        counts.applied += effects.size;
        counts.replayed += bus.published.length - effects.size;
        counts.ranges += mapping.failedRanges.length;
        counts.invocations += mapping.invocations;
        progress(start + SHARD);
      }

      expect(counts.applied).toBe(counts.good);
      expect(counts.poison / total).toBeCloseTo(0.01, 2);
      // The faults did occur: records were redelivered and published again.
      expect(counts.replayed).toBeGreaterThan(counts.good / 100);
    },
    campaignTimeoutMs,
  );
});
