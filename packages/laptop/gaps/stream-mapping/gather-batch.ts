import type { EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import { matchesPattern } from "./filter-pattern";
import type { StreamRecord, TableStream } from "./table-stream";

export interface GatherBatchProps {
  readonly mapping: EventSourceMappingConfiguration;
  readonly stream: Pick<TableStream, "iterator" | "read">;
  /** Sequence number of the last record that the mapping has finished with. */
  readonly checkpoint: string | undefined;
  /** Waits this long, or until something is written to the table. */
  readonly more: (milliseconds: number) => Promise<void>;
}

export interface GatheredBatch {
  /** As the function receives them. Empty if the filter rejected every record. */
  readonly records: readonly StreamRecord[];
  /** Sequence number of the last record read, which the filter may have rejected. */
  readonly end: string;
}

/** Lambda's limit on a function's input is 6 MB, including the event around the records. */
const payloadBytes = 6 * 1024 * 1024 - 1024;
/** GetRecords' maximum. */
const recordsPerPage = 1_000;

/**
 * Reads a mapping's next batch of records that pass its filter. The batch is complete when it has the batch size, when its
 * bytes reach the limit, or when its window has ended and the stream has no more records. The window begins with the first
 * record.
 *
 * @returns `undefined` if there is nothing new since the checkpoint
 */
export async function gatherBatch({
  mapping,
  stream,
  checkpoint,
  more,
}: GatherBatchProps): Promise<GatheredBatch | undefined> {
  const {
    BatchSize = 100,
    MaximumBatchingWindowInSeconds = 0,
    EventSourceArn: eventSourceARN = "",
  } = mapping;
  const passes = filterOf(mapping);
  const records: StreamRecord[] = [];
  let bytes = 0;
  let end: string | undefined;
  let windowEndsAt = 0;
  let iterator: string | undefined = await stream.iterator(checkpoint);
  while (iterator !== undefined && records.length < BatchSize) {
    const page = await stream.read(iterator, Math.min(recordsPerPage, BatchSize - records.length));
    for (const read of page.records) {
      if (passes(read)) {
        const record = { ...read, eventSourceARN };
        bytes += Buffer.byteLength(JSON.stringify(record)) + 1;
        // It becomes the first record of the next batch.
        if (bytes > payloadBytes && end !== undefined) return { records, end };
        if (records.length === 0) windowEndsAt = Date.now() + MaximumBatchingWindowInSeconds * 1_000;
        records.push(record);
      }
      end = read.dynamodb.SequenceNumber;
    }
    iterator = page.next;
    if (page.records.length > 0) continue;
    if (Date.now() >= windowEndsAt) break;
    await more(windowEndsAt - Date.now());
  }
  return end === undefined ? undefined : { records, end };
}

/** A record passes if it matches any of the patterns, or if there are none. */
function filterOf({ FilterCriteria }: EventSourceMappingConfiguration): (record: StreamRecord) => boolean {
  const patterns = (FilterCriteria?.Filters ?? []).map(({ Pattern = "{}" }) => JSON.parse(Pattern));
  return (record) => patterns.length === 0 || patterns.some((pattern) => matchesPattern(pattern, record));
}
