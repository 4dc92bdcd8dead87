import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { account, useEmulators } from "./emulators";

const Bucket = "snapshots";
const Name = "/counter";
const rounds = 10;

describe("a snapshot of the emulator's state", () => {
  const emulators = useEmulators();
  let s3: S3Client;
  let ssm: SSMClient;

  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const remove = (Key: string) => s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const takeSnapshot = async () =>
    (await fetch(`${emulators.bare.endpoint}/_snapshot`, { method: "POST" })).status;
  const objects = () => path.join(emulators.snapshot, "s3", account, Bucket);

  beforeAll(async () => {
    s3 = new S3Client({ ...emulators.bare, forcePathStyle: true });
    ssm = new SSMClient(emulators.bare);
    await s3.send(new CreateBucketCommand({ Bucket }));
    // So many that copying them takes as long as some requests.
    for (let index = 0; index < 500; index += 1) await put(`objects/${index}`, "x".repeat(2_000));
  });

  it("is of one moment in all services, and of whole objects, while objects are written and deleted", async () => {
    let done = false;
    let count = 0;
    const writing = async () => {
      while (!done) {
        count += 1;
        await put("zz-counter", `${count}`);
        await ssm.send(new PutParameterCommand({ Name, Value: `${count}`, Type: "String", Overwrite: true }));
        await put("torn", `${count}`.repeat(20_000));
      }
    };
    const deleting = async () => {
      while (!done) {
        await put("zz-gone", "here");
        await remove("zz-gone");
      }
    };
    const writers = Promise.all([writing(), deleting()]);

    const found: { status: number; isOneMoment: boolean; torn: readonly string[] }[] = [];
    try {
      while (count < 3) await new Promise((resolve) => setTimeout(resolve, 5));
      for (let round = 0; round < rounds; round += 1) {
        const status = await takeSnapshot();
        const inS3 = Number(readFileSync(path.join(objects(), "zz-counter"), "utf8"));
        const inSsm = Number(parameterIn(emulators.snapshot));
        found.push({ status, isOneMoment: [inSsm, inSsm + 1].includes(inS3), torn: tornIn(objects()) });
      }
    } finally {
      done = true;
      await writers;
    }

    expect(found).toEqual(Array(rounds).fill({ status: 200, isOneMoment: true, torn: [] }));
  });

  it("keeps what an object had when the object is replaced or deleted later", async () => {
    await put("kept", "before");
    await put("deleted", "before");

    const status = await takeSnapshot();
    await put("kept", "after");
    await remove("deleted");

    const kept = ["kept", "deleted"].map((key) => readFileSync(path.join(objects(), key), "utf8"));
    expect([status, ...kept]).toEqual([200, "before", "before"]);
  });

  it("is not taken while Terraform holds a lock", async () => {
    await put("any/terraform.tfstate.tflock", "{}");
    const locked = await takeSnapshot();
    await remove("any/terraform.tfstate.tflock");

    expect([locked, await takeSnapshot()]).toEqual([409, 200]);
  });
});

function parameterIn(snapshot: string): string {
  const text = readFileSync(path.join(snapshot, "services", "ssm.json"), "utf8");
  const [, value = ""] = /"Value": "(\d+)"/.exec(text) ?? [];
  return value;
}

/** Objects whose content and description do not belong together. */
function tornIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".meta.json"))
    .filter((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const { etag } = JSON.parse(readFileSync(`${file}.meta.json`, "utf8"));
      return etag.replaceAll('"', "") !== createHash("md5").update(readFileSync(file)).digest("hex");
    })
    .map(({ name }) => name);
}
