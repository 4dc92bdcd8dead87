import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Checkpoint, CheckpointStore } from "../../../packages/laptop/checkpoint";

const checkpoint: Checkpoint = {
  port: 4566,
  deployment: { synthesized: "hash", lineage: "lineage", serial: 7 },
};

describe("CheckpointStore", () => {
  let folder: string;
  let store: CheckpointStore;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "checkpoint-"));
    store = new CheckpointStore(folder);
    await store.restore();
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("has no checkpoint at the first start", async () => {
    expect(await store.restore()).toBeUndefined();
  });

  it("restores the saved files and drops later changes", async () => {
    write("services/sqs.json", "saved");
    await store.save(checkpoint);
    write("services/sqs.json", "later");
    write("services/new.json", "later");

    const restored = await store.restore();

    expect(restored).toEqual(checkpoint);
    expect(read("services/sqs.json")).toBe("saved");
    expect(() => read("services/new.json")).toThrow("ENOENT");
  });

  it("restores the newest checkpoint", async () => {
    write("state.json", "first");
    await store.save(checkpoint);
    write("state.json", "second");
    await store.save({ ...checkpoint, deployment: undefined });

    const restored = await store.restore();

    expect(restored).toEqual({ port: 4566, deployment: undefined });
    expect(read("state.json")).toBe("second");
  });

  it.each([
    [
      "changed",
      () => write("services/sqs.json", "{", "checkpoint/state"),
      "lost or damaged: services/sqs.json",
    ],
    [
      "lost",
      () => rmSync(path.join(folder, "checkpoint/state/services/sqs.json")),
      "lost or damaged: services/sqs.json",
    ],
    ["added", () => write("extra", "", "checkpoint/state"), "lost or damaged: extra"],
  ])(
    "is lost if one of its files was %s, and the next start has no checkpoint",
    async (_, damage, message) => {
      write("services/sqs.json", "saved");
      await store.save(checkpoint);
      damage();

      const lost = store.restore();

      await expect(lost).rejects.toThrow(message);
      expect(await store.restore()).toBeUndefined();
    },
  );

  it("is lost if its manifest is truncated", async () => {
    await store.save(checkpoint);
    write("checkpoint.json", '{"port":', "checkpoint");

    await expect(store.restore()).rejects.toThrow("its manifest cannot be read");
  });

  it("is lost if another version of the emulator wrote it", async () => {
    await store.save(checkpoint);
    write("checkpoint.json", JSON.stringify({ ...checkpoint, emulator: "1.0.0", files: {} }), "checkpoint");

    await expect(store.restore()).rejects.toThrow(
      /it was written by MiniStack 1\.0\.0, and this is 1\.5\.33/,
    );
  });

  it("falls back to the previous checkpoint after a crash between the renames", async () => {
    write("state.json", "first");
    await store.save(checkpoint);
    renameSync(path.join(folder, "checkpoint"), path.join(folder, "checkpoint.old"));

    const restored = await store.restore();

    expect(restored).toEqual(checkpoint);
    expect(read("state.json")).toBe("first");
  });

  function write(file: string, content: string, below = "running"): void {
    const target = path.join(folder, below, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  function read(file: string): string {
    return readFileSync(path.join(folder, "running", file), "utf8");
  }
});
