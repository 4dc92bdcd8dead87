import { gzipSync } from "node:zlib";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { DeliveredLine } from "../../../scripts/verify/delivered-line";
import type { Deployment } from "../../../scripts/verify/deployment";

interface StoredObject {
  readonly body?: Buffer;
  readonly bytes?: number;
  readonly error?: Error;
  readonly modified?: Date;
}

const startedAt = new Date("2026-11-25T12:00:00Z");
const prefix = "access-log/year=2026/month=11/day=25/";
const delivery: StoredObject = { body: gzipSync('{"requestId":"other"}\n{"requestId":"wanted"}\n') };

describe("DeliveredLine", () => {
  it.each<[string, StoredObject, string]>([
    ["a text", { body: Buffer.from("stray") }, "not compressed"],
    ["an empty object", { body: Buffer.alloc(0) }, "not compressed"],
    ["a folder's marker", { body: Buffer.alloc(0) }, "not compressed"],
    ["half a delivery", { body: gzipSync("x".repeat(1_000)).subarray(0, 15) }, "unexpected end of file"],
    ["an object that begins like a delivery", { body: Buffer.from([0x1f, 0x8b, 1, 2, 3]) }, "Error"],
    ["an object that is too large", { body: Buffer.from("x"), bytes: 5e9 }, "larger than any delivery"],
    ["an object that may not be read", { error: named("AccessDenied") }, "AccessDenied"],
    ["an object that has gone meanwhile", { error: named("NoSuchKey") }, "NoSuchKey"],
  ])("finds the line behind %s, and names that", async (_, stray, why) => {
    const line = lineIn({ [`${prefix}a-stray`]: stray, [`${prefix}b-delivery`]: delivery });

    expect(await line.find()).toBe(`${prefix}b-delivery`);
    expect(line.strays).toContain(`; not read: ${prefix}a-stray (`);
    expect(line.strays).toContain(why);
  });

  it("finds the line among thousands of objects, on a later page", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 2_500 }, (_, index) => [`${prefix}a-${index}`, { body: gzipSync("{}") }]),
    );
    const line = lineIn({ ...many, [`${prefix}b-delivery`]: delivery });

    expect(await line.find()).toBe(`${prefix}b-delivery`);
    expect(line.strays).toBe("");
  });

  it("counts the strays that it does not name", async () => {
    const stray = { body: Buffer.from("stray") };
    const line = lineIn({ [`${prefix}a`]: stray, [`${prefix}b`]: stray, [`${prefix}c`]: stray });

    expect(await line.find()).toBeUndefined();
    expect(line.strays).toBe(`; not read: ${prefix}a (not compressed) and 2 more`);
  });

  it("reads an object once, but tries again one that could not be read", async () => {
    const reads: string[] = [];
    const objects: Record<string, StoredObject> = {
      [`${prefix}a`]: { body: gzipSync("{}") },
      [`${prefix}b`]: { error: named("SlowDown") },
    };
    const line = lineIn(objects, reads);

    await line.find();
    objects[`${prefix}b`] = delivery;
    expect(await line.find()).toBe(`${prefix}b`);

    expect(reads).toEqual([`${prefix}a`, `${prefix}b`, `${prefix}b`]);
  });

  it("does not read what was there before", async () => {
    const reads: string[] = [];
    const old = { ...delivery, modified: new Date("2026-11-25T11:54:00Z") };

    expect(await lineIn({ [`${prefix}a`]: old }, reads).find()).toBeUndefined();
    expect(reads).toEqual([]);
  });

  it("ends when the run is interrupted", async () => {
    const interruption = new AbortController();
    const line = lineIn({ [`${prefix}a`]: { error: named("AbortError") } }, [], interruption.signal);
    interruption.abort(new Error("interrupted"));

    await expect(line.find()).rejects.toThrow("interrupted");
  });
});

function lineIn(
  objects: Readonly<Record<string, StoredObject>>,
  reads: string[] = [],
  signal = new AbortController().signal,
): DeliveredLine {
  const list = ({ Prefix = "", ContinuationToken = "0" }: ListObjectsV2Command["input"]) => {
    const keys = Object.keys(objects).filter((key) => key.startsWith(Prefix));
    const from = Number(ContinuationToken);
    const Contents = keys.slice(from, from + 1_000).map((Key) => {
      const { body, bytes = body?.length, modified = startedAt } = objects[Key] ?? {};
      return { Key, Size: bytes, LastModified: modified };
    });
    return { Contents, NextContinuationToken: from + 1_000 < keys.length ? `${from + 1_000}` : undefined };
  };
  const send = async (command: { readonly input: { readonly Key?: string } }) => {
    if (command instanceof ListObjectsV2Command) return list(command.input);
    const { Key = "" } = command.input;
    reads.push(Key);
    const { body = Buffer.alloc(0), error } = objects[Key] ?? {};
    if (error) throw error;
    return { Body: { transformToByteArray: async () => new Uint8Array(body) } };
  };
  const deployment = { clients: { s3: { send } }, startedAt, signal, output: () => "logs" };
  return new DeliveredLine(deployment as unknown as Deployment, "wanted");
}

function named(name: string): Error {
  return Object.assign(new Error("no"), { name });
}
