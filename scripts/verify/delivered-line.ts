import { gunzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, type ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import { awsFailure } from "../lib/aws-failure";
import type { Deployment } from "./deployment";

/** Firehose buffers at most 128 MB before it compresses them. */
const largestBytes = 128 * 1024 * 1024;

/** Looks for a request's line in the log bucket, which may also hold objects that Firehose did not write. */
export class DeliveredLine {
  private readonly read = new Set<string>();
  /** Why an object could not be read, by key. */
  private readonly unreadable = new Map<string, string>();

  constructor(
    private readonly deployment: Deployment,
    private readonly requestId: string,
  ) {}

  /** @returns the key of a new object that contains the line, undefined if there is none yet */
  async find(): Promise<string | undefined> {
    const { deployment, read } = this;
    const Bucket = deployment.output("log-bucket");
    for (const day of new Set([prefixOf(deployment.startedAt), prefixOf(new Date())])) {
      let ContinuationToken: string | undefined;
      do {
        const page: ListObjectsV2CommandOutput = await deployment.clients.s3.send(
          new ListObjectsV2Command({ Bucket, Prefix: day, ContinuationToken }),
        );
        for (const { Key = "", LastModified, Size = 0 } of page.Contents ?? []) {
          if (read.has(Key) || isOld(LastModified, deployment.startedAt)) continue;
          if (Size > largestBytes) this.unreadable.set(Key, "larger than any delivery");
          else if (await this.contains(Bucket, Key)) return Key;
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    }
    return undefined;
  }

  /** What could not be read, for a report; empty if everything could. */
  get strays(): string {
    const [first, ...others] = [...this.unreadable].map(([key, why]) => `${key} (${why})`);
    if (!first) return "";
    return `; not read: ${first}${others.length > 0 ? ` and ${others.length} more` : ""}`;
  }

  private async contains(Bucket: string, Key: string): Promise<boolean> {
    try {
      const { Body } = await this.deployment.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
      // A complete object does not change. After a failed call, the object is read again.
      this.read.add(Key);
      if (!isGzip) this.unreadable.set(Key, "not compressed");
      return isGzip && gunzipSync(bytes).toString().includes(this.requestId);
    } catch (error) {
      // An interruption ends the search, but a problem with one object does not.
      this.deployment.signal.throwIfAborted();
      this.unreadable.set(Key, awsFailure(error));
      return false;
    }
  }
}

/** This machine's clock may be ahead. */
function isOld(modified: Date | undefined, startedAt: Date): boolean {
  return modified !== undefined && modified.getTime() < startedAt.getTime() - 5 * 60_000;
}

function prefixOf(date: Date): string {
  const [year, month, day] = date.toISOString().slice(0, 10).split("-");
  return `access-log/year=${year}/month=${month}/day=${day}/`;
}
