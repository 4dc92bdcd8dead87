import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  NoSuchBucket,
  NoSuchKey,
  S3Client,
} from "@aws-sdk/client-s3";
import { nearest } from "../../packages/terminal/nearest";
import { UserError } from "../../packages/terminal/user-error";
import { stateBackendOf } from "../../stacks/accounts";
import { awsFailure } from "./aws-failure";
import { stackIds } from "./stack";

export interface StateVersion {
  readonly version: string;
  /** ISO 8601. */
  readonly written: string;
  readonly bytes: number;
}

/** A lock, as Terraform writes it next to the state. */
export interface StateLock {
  readonly id: string;
  readonly who: string;
  readonly operation: string;
  /** ISO 8601. */
  readonly created: string;
}

export class LockWithoutHolderError extends UserError {}

/** @returns newest first @throws UserError, exit code 2, if there are none */
export async function stateVersions(stackId: string): Promise<readonly StateVersion[]> {
  const Key = `${stackId}/terraform.tfstate`;
  const found: StateVersion[] = [];
  await reading(stackId, async (s3, bucket) => {
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
    while (markers) {
      // The lock's key begins with the state's key, so its versions are listed as well, after the state's.
      const page: Awaited<ReturnType<typeof list>> = await list(s3, bucket, Key, markers);
      for (const { Key: key, VersionId = "", LastModified, Size = 0 } of page.Versions ?? []) {
        if (key !== Key) continue;
        found.push({ version: VersionId, written: LastModified?.toISOString() ?? "", bytes: Size });
      }
      markers = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
  });
  if (found.length > 0) return found;
  const meant = nearest(stackId, stackIds());
  throw new UserError(
    `${stackId} has no state in ${stateBackendOf(stackId).bucket}: ${meant && meant !== stackId ? `did you mean ${meant}? ` : ""}the app has ${stackIds().join(", ")}`,
    { exitCode: 2 },
  );
}

/** @returns that version's JSON, unchanged @throws UserError, exit code 2, if there is no such version */
export async function stateVersion(stackId: string, version: string): Promise<string> {
  if (!(await stateVersions(stackId)).some((known) => known.version === version)) {
    throw new UserError(
      `${stackId} has no version ${version}: npm run state -- versions ${stackId} lists them`,
      {
        exitCode: 2,
      },
    );
  }
  return reading(stackId, (s3, bucket) => read(s3, bucket, `${stackId}/terraform.tfstate`, version));
}

/**
 * @returns undefined if nobody holds the lock
 * @throws LockWithoutHolderError, exit code 2, if its object is empty or damaged
 * @throws UserError, exit code 2, if there is no such stack
 */
export async function lockOf(stackId: string): Promise<StateLock | undefined> {
  const Key = `${stackId}/terraform.tfstate.tflock`;
  const text = await reading(stackId, async (s3, bucket) => {
    try {
      return await read(s3, bucket, Key);
    } catch (error) {
      if (error instanceof NoSuchKey || error instanceof NoSuchBucket) return undefined;
      throw error;
    }
  });
  if (text === undefined) {
    // A stack that the app no longer has may still have a state.
    if (!stackIds().includes(stackId)) await stateVersions(stackId);
    return undefined;
  }
  const lock = parseLock(text);
  if (lock) return lock;
  const object = `s3://${stateBackendOf(stackId).bucket}/${Key}`;
  throw new LockWithoutHolderError(
    `${stackId} is locked, but the lock names no holder: ${object} ${text === "" ? "is empty" : "is not a lock that Terraform wrote"}. If nobody is deploying it, delete the object: aws s3 rm ${object}`,
    { exitCode: 2 },
  );
}

function parseLock(text: string): StateLock | undefined {
  try {
    const { ID, Who, Operation, Created } = JSON.parse(text);
    if (typeof ID !== "string" || ID === "") return undefined;
    return { id: ID, who: `${Who}`, operation: `${Operation}`, created: `${Created}` };
  } catch {
    return undefined;
  }
}

function list(s3: S3Client, Bucket: string, Prefix: string, markers: object) {
  return s3.send(new ListObjectVersionsCommand({ Bucket, Prefix, ...markers }));
}

async function read(s3: S3Client, Bucket: string, Key: string, VersionId?: string): Promise<string> {
  const object = await s3.send(new GetObjectCommand({ Bucket, Key, ...(VersionId && { VersionId }) }));
  return (await object.Body?.transformToString()) ?? "";
}

async function reading<T>(stackId: string, work: (s3: S3Client, bucket: string) => Promise<T>): Promise<T> {
  const { bucket, region } = stateBackendOf(stackId);
  const s3 = new S3Client({ region });
  try {
    return await work(s3, bucket);
  } catch (cause) {
    throw new UserError(`the state of ${stackId} cannot be read from ${bucket}: ${awsFailure(cause)}`, {
      cause,
      exitCode: 2,
    });
  } finally {
    s3.destroy();
  }
}
