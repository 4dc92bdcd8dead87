import fc from "fast-check";
import {
  type GatheredBatch,
  gatherBatch,
} from "../../../../../packages/laptop/gaps/stream-mapping/gather-batch";
import type { StreamRecord } from "../../../../../packages/laptop/gaps/stream-mapping/table-stream";
import { campaignSize } from "../../../../support/campaign";

const arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/items/stream/2026-11-23T00:00:00.000";

const record = (position: number, wanted = true, bytes = 0) =>
  ({
    eventID: `${position}`,
    dynamodb: {
      Keys: { id: { S: wanted ? "wanted" : "unwanted" } },
      SequenceNumber: `${1_000 + position}`,
      ApproximateCreationDateTime: 1_700_000_000,
      ...(bytes && { NewImage: { text: { S: "x".repeat(bytes) } } }),
    },
  }) as unknown as StreamRecord;

/** A stream whose iterators are positions. It counts its reads. */
class FakeStream {
  reads = 0;

  constructor(
    readonly records: StreamRecord[],
    private readonly pageSize = 1_000,
  ) {}

  async iterator(after: string | undefined): Promise<string> {
    return `${this.records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === after) + 1}`;
  }

  async read(iterator: string, limit: number) {
    this.reads += 1;
    const from = Number(iterator);
    const records = this.records.slice(from, from + Math.min(limit, this.pageSize));
    return { records, next: `${from + records.length}` };
  }
}

const gather = (
  stream: FakeStream,
  mapping: Parameters<typeof gatherBatch>[0]["mapping"] = {},
  checkpoint?: string,
  more: (milliseconds: number) => Promise<void> = async () => {
    throw new Error("no window to wait for");
  },
) => gatherBatch({ mapping: { EventSourceArn: arn, ...mapping }, stream, checkpoint, more });

const onlyWanted = {
  FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"id":{"S":["wanted"]}}}}' }] },
};

describe("gatherBatch", () => {
  it("returns each matching record once, in order, in batches that are full except for the last", async () => {
    const shards = fc.array(fc.boolean(), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        shards,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 7 }),
        async (wanted, BatchSize, pageSize) => {
          const stream = new FakeStream(
            wanted.map((is, position) => record(position, is)),
            pageSize,
          );
          const batches: GatheredBatch[] = [];
          for (let batch = await gather(stream, { BatchSize, ...onlyWanted }); batch; ) {
            batches.push(batch);
            batch = await gather(stream, { BatchSize, ...onlyWanted }, batch.end);
          }

          const returned = batches.flatMap(({ records }) => records.map(({ eventID }) => Number(eventID)));
          expect(returned).toEqual(wanted.flatMap((is, position) => (is ? [position] : [])));
          for (const { records } of batches.slice(0, -1)) expect(records).toHaveLength(BatchSize);
          expect(batches.at(-1)?.end).toBe(stream.records.at(-1)?.dynamodb.SequenceNumber);
        },
      ),
      { numRuns: campaignSize(500, 20_000) },
    );
  });

  it("returns records with their stream's ARN, as the function receives them", async () => {
    const batch = await gather(new FakeStream([record(0)]));

    expect(batch?.records).toEqual([{ ...record(0), eventSourceARN: arn }]);
  });

  it("waits for the window that begins with the first record, or until the batch is full", async () => {
    const stream = new FakeStream([record(0)]);
    const waited: number[] = [];
    const mapping = { BatchSize: 3, MaximumBatchingWindowInSeconds: 300 };

    const batch = await gather(stream, mapping, undefined, async (milliseconds) => {
      waited.push(milliseconds);
      stream.records.push(record(stream.records.length));
    });

    expect(batch?.records).toHaveLength(3);
    expect(waited).toHaveLength(2);
    for (const milliseconds of waited) expect(milliseconds).toBeLessThanOrEqual(300_000);
  });

  it("does not wait if the filter rejects every record", async () => {
    const mapping = { MaximumBatchingWindowInSeconds: 300, ...onlyWanted };

    const batch = await gather(new FakeStream([record(0, false), record(1, false)]), mapping);

    expect(batch).toEqual({ records: [], end: "1001" });
  });

  it("stays within the limit of an invocation's input, unless a single record exceeds it", async () => {
    const stream = new FakeStream(
      Array.from({ length: 20 }, (_, position) => record(position, true, 800_000)),
    );
    const huge = new FakeStream([record(0, true, 7_000_000), record(1)]);

    const batch = await gather(stream);
    const next = await gather(stream, {}, batch?.end);
    const alone = await gather(huge);

    const bytes = Buffer.byteLength(JSON.stringify({ Records: batch?.records }));
    expect(bytes).toBeLessThanOrEqual(6 * 1024 * 1024);
    expect(bytes).toBeGreaterThan(5 * 1024 * 1024);
    expect(next?.records[0]?.eventID).toBe(`${batch?.records.length}`);
    expect(alone?.records.map(({ eventID }) => eventID)).toEqual(["0"]);
  });

  it("returns nothing after the last record", async () => {
    expect(await gather(new FakeStream([record(0)]), {}, "1000")).toBeUndefined();
  });
});
