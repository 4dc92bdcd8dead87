import type { EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import { fitsPattern } from "./filter-pattern";
import type { StreamRecord, TableStream } from "./table-stream";

export interface GatherBatchProps {
  readonly mapping: EventSourceMappingConfiguration;
  readonly stream: Pick<TableStream, "iterator" | "read">;
  /** Sequence number of the last record that the mapping has done with. */
  readonly checkpoint: string | undefined;
  /** Waits so long, or until something is written. */
  readonly more: (milliseconds: number) => Promise<void>;
}

export interface GatheredBatch {
  /** As the function receives them; none where the filter leaves out all that there was. */
  readonly records: readonly StreamRecord[];
  /** Sequence number of the last record that was read for it, which the filter may have left out. */
  readonly end: string;
}

/** Lambda takes 6 MB of a function's input; some of it is the event around the records. */
const payloadBytes = 6 * 1024 * 1024 - 1024;
const recordsOfOneAnswer = 1_000;

/**
 * A mapping's next batch: records that its filter lets through, until there are enough, or their bytes are, or the
 * window that began with the first of them is over and the stream has no more.
 *
 * @returns `undefined` where nothing has come since the checkpoint
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
    const page = await stream.read(iterator, Math.min(recordsOfOneAnswer, BatchSize - records.length));
    for (const read of page.records) {
      if (passes(read)) {
        const record = { ...read, eventSourceARN };
        bytes += Buffer.byteLength(JSON.stringify(record)) + 1;
        // It is the next batch's first.
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

/** A record must fit one of the patterns, where there are any. */
function filterOf({ FilterCriteria }: EventSourceMappingConfiguration): (record: StreamRecord) => boolean {
  const patterns = (FilterCriteria?.Filters ?? []).map(({ Pattern = "{}" }) => JSON.parse(Pattern));
  return (record) => patterns.length === 0 || patterns.some((pattern) => fitsPattern(pattern, record));
}
