import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CheckpointStore } from "../../packages/laptop/checkpoint";
import type { Gateway } from "../../packages/laptop/gateway/gateway";
import { LocalAws } from "../../packages/laptop/local-aws";
import { lambdaRuntimeFolder } from "../../packages/laptop/set-up/tools";
import { until } from "./until";

/** The tests run in order, with one emulator. */
describe("LocalAws", () => {
  let folder: string;
  let checkpoints: CheckpointStore;
  let laptop: LocalAws;
  let said: string[];
  const loss: string[] = [];
  const isMarked = () => existsSync(path.join(checkpoints.folder, "unsaved"));

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "local-aws-")));
    checkpoints = new CheckpointStore(path.join(folder, "state"));
    laptop = await LocalAws.start(checkpoints, {
      lambdaRuntime: lambdaRuntimeFolder(),
      region: "eu-west-1",
      folders: { temporary: path.join(folder, "tmp"), logs: path.join(folder, "log") },
    });
    laptop.saveWhileServing(1, () => loss.push(laptop.ifKilled));
  });

  afterAll(async () => {
    await laptop.abandon().catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    said = [];
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      said.push(`${text}`);
      return true;
    });
  });

  afterEach(() => jest.restoreAllMocks());

  it("loses nothing if it is killed before anything has changed", () => {
    expect([isMarked(), laptop.ifKilled]).toEqual([false, "nothing is lost"]);
  });

  it("marks changes as unsaved until they are saved, and tells what would be lost", async () => {
    const marked: boolean[] = [];
    for (const Bucket of ["one", "two"]) {
      await createBucket(Bucket);
      marked.push(isMarked());
      await until("the mark to go", 30, async () => !isMarked());
    }

    expect(marked).toEqual([true, true]);
    expect(laptop.ifKilled).toBe("nothing is lost");
    // Between these, it saves once more if it saved while a request was being answered.
    expect([loss[0], loss.at(-1)]).toEqual(["everything it changed is lost", "nothing is lost"]);
    expect(loss.slice(1, -1)).toContainEqual(expect.stringMatching(/^changes after [\d: -]+ are lost$/));
  });

  it("saves again what was still being changed when it saved", async () => {
    const gateway = gatewayOf(laptop);
    const before = gateway.changes;
    await createBucket("three");

    await until("both ends of the request to be counted", 5, async () => gateway.changes === before + 2);
  });

  it("has saved the state even if the gateway cannot be closed afterwards", async () => {
    let isStuck = true;
    const close = () => {
      if (isStuck) throw new Error("stuck");
    };
    gatewayOf(laptop).setGaps(() => [{ name: "stuck", close } as never]);

    await expect(laptop.stop()).resolves.toBeUndefined();
    isStuck = false;

    expect(said.join("")).toContain("! the gateway could not be closed: stuck");
    expect([isMarked(), existsSync(path.join(checkpoints.folder, "checkpoint"))]).toEqual([false, true]);
  });

  async function createBucket(Bucket: string): Promise<void> {
    const s3 = new S3Client({
      endpoint: `http://127.0.0.1:${laptop.port}`,
      region: "eu-west-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      forcePathStyle: true,
    });
    await s3.send(new CreateBucketCommand({ Bucket }));
    s3.destroy();
  }
});

function gatewayOf(laptop: LocalAws): Gateway {
  return (laptop as unknown as { readonly gateway: Gateway }).gateway;
}
