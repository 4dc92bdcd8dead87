import { randomUUID } from "node:crypto";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { asFunction, sendTo } from "../shared/async-destination";
import type { AwsClients } from "../shared/aws-clients";
import type { DiscardedRange } from "./stream-batch";
import type { StreamRecord } from "./table-stream";

/** The last invocation with a batch. */
export interface BatchInvocation {
  readonly requestId: string;
  readonly statusCode: number;
  readonly executedVersion: string | undefined;
  readonly functionError: string | undefined;
}

export interface DiscardedBatch extends DiscardedRange<StreamRecord> {
  readonly mappingId: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
  readonly region: string;
  /** Undefined if the batch expired before it was tried. */
  readonly invocation: BatchInvocation | undefined;
}

/** Sends a discarded batch to the mapping's failure destination: its position in the stream and, to a bucket, its records. */
export async function sendDiscarded(
  clients: AwsClients,
  destination: string,
  batch: DiscardedBatch,
): Promise<void> {
  const record = discardedBatchRecord(batch);
  const bucket = /^arn:[\w-]+:s3:::(.+)$/.exec(destination)?.[1];
  const owner = { FunctionName: batch.functionArn };
  if (!bucket) return sendTo(clients, owner, destination, { body: JSON.stringify(record) });
  const own = await asFunction(clients, batch.region, owner);
  await own.s3(batch.region).send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: objectKey(batch, record.timestamp),
      ContentType: "application/json",
      Body: JSON.stringify({ ...record, payload: JSON.stringify({ Records: batch.records }) }),
    }),
  );
}

export function discardedBatchRecord(batch: DiscardedBatch) {
  const { functionArn, streamArn, shardId, condition, attempts, records, invocation } = batch;
  const { requestId = randomUUID(), ...responseContext } = invocation ?? {};
  const [first, last] = [records.at(0)?.dynamodb, records.at(-1)?.dynamodb];
  return {
    requestContext: { requestId, functionArn, condition, approximateInvokeCount: attempts },
    responseContext: invocation ? responseContext : null,
    version: "1.0",
    timestamp: new Date().toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: instant(first?.ApproximateCreationDateTime),
      approximateArrivalOfLastRecord: instant(last?.ApproximateCreationDateTime),
      batchSize: records.length,
      streamArn,
    },
  };
}

function objectKey({ mappingId, shardId }: DiscardedBatch, timestamp: string): string {
  const [day = "", time = ""] = timestamp.slice(0, 19).split("T");
  const name = `${day}T${time.replaceAll(":", ".")}-${randomUUID()}`;
  return `aws/lambda/${mappingId}/${shardId}/${day.replaceAll("-", "/")}/${name}`;
}

function instant(seconds = 0): string {
  return new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
}
