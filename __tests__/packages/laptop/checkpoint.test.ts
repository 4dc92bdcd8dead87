import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import files from "node:fs/promises";
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

    expect(restored).toMatchObject(checkpoint);
    expect(read("services/sqs.json")).toBe("saved");
    expect(() => read("services/new.json")).toThrow("ENOENT");
  });

  it("restores the newest checkpoint", async () => {
    write("state.json", "first");
    await store.save(checkpoint);
    write("state.json", "second");
    await store.save({ ...checkpoint, deployment: undefined });

    const restored = await store.restore();

    expect(restored).toMatchObject({ port: 4566, deployment: undefined });
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
      /it was written by MiniStack 1\.0\.0, but this is MiniStack 1\.5\.33/,
    );
  });

  it("falls back to the previous checkpoint after a crash between the renames", async () => {
    write("state.json", "first");
    await store.save(checkpoint);
    renameSync(path.join(folder, "checkpoint"), path.join(folder, "checkpoint.old"));

    const restored = await store.restore();

    expect(restored).toMatchObject(checkpoint);
    expect(read("state.json")).toBe("first");
  });

  it("restores what the emulator wrote while it ran, as of the moment it was asked", async () => {
    write("services/sqs.json", "first");
    await store.save(checkpoint);
    write("services/sqs.json", "running", "running");
    write("services/sqs.json", "snapshot", "snapshot");
    await store.saveSnapshot(checkpoint, new Date("2026-01-01T12:00:00Z"));

    const restored = await store.restore();

    expect(restored).toEqual({ ...checkpoint, savedAt: "2026-01-01T12:00:00.000Z" });
    expect(read("services/sqs.json")).toBe("snapshot");
  });

  it("keeps the last checkpoint if the emulator has written nothing", async () => {
    write("state.json", "first");
    await store.save(checkpoint);

    await expect(store.saveSnapshot(checkpoint, new Date())).rejects.toThrow("the state could not be saved");
    await store.restore();

    expect(read("state.json")).toBe("first");
  });

  it("knows whether the last run saved its changes", async () => {
    expect(store.hasUnsaved).toBe(false);
    await store.markUnsaved();
    expect(new CheckpointStore(folder).hasUnsaved).toBe(true);
    await store.markSaved();
    expect(new CheckpointStore(folder).hasUnsaved).toBe(false);
  });

  it("reads the time of a checkpoint that does not record it from its file", async () => {
    await store.save(checkpoint);
    const { savedAt: _, ...earlier } = JSON.parse(
      readFileSync(path.join(folder, "checkpoint/checkpoint.json"), "utf8"),
    );
    write("checkpoint.json", JSON.stringify(earlier), "checkpoint");

    expect(Date.parse((await store.restore())?.savedAt ?? "")).toBeGreaterThan(Date.now() - 60_000);
  });

  describe("on a full disk", () => {
    const full = Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "copyfile" });

    beforeEach(async () => {
      write("state.json", "kept");
      await store.save(checkpoint);
    });

    afterEach(() => jest.restoreAllMocks());

    it.each(["cp", "writeFile", "mkdir", "rename"] as const)(
      "says so without a stack trace if %s fails, and keeps the last checkpoint",
      async (call) => {
        write("state.json", "later");
        jest.spyOn(files, call).mockRejectedValue(full);
        const failed = await store.save(checkpoint).catch((error: unknown) => error);
        jest.restoreAllMocks();

        expect(failed).toMatchObject({
          forUser: true,
          message: "the state could not be saved: the disk is full",
        });
        await store.restore();
        expect(read("state.json")).toBe("kept");
      },
    );

    it.each(["cp", "mkdir", "readFile"] as const)(
      "keeps the checkpoint if %s fails while it is restored",
      async (call) => {
        jest.spyOn(files, call).mockRejectedValue(full);
        const failed = await store.restore().catch((error: unknown) => error);
        jest.restoreAllMocks();

        expect(failed).toMatchObject({
          forUser: true,
          message: "the saved state could not be copied: the disk is full",
        });
        expect(await store.restore()).toMatchObject(checkpoint);
      },
    );

    it.each(["restore", "requireSpace"] as const)("%s checks the space first", async (action) => {
      jest.spyOn(files, "statfs").mockResolvedValue({ bavail: 3_000, bsize: 1_000 } as never);

      await expect(store[action]()).rejects.toThrow(/ needs 11 MB in .*, and its disk has 3 MB free/);
    });
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
