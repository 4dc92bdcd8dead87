import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Memory } from "../../../../../packages/laptop/gaps/shared/memory";

describe("Memory", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "memory-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("reads its file when it is first used, because a checkpoint may be restored before that", () => {
    const file = path.join(folder, "gateway", "alarms.json");
    const late = new Memory<number>(file);
    const early = new Memory<number>(file);
    early.set("kept", 1);
    early.set("forgotten", 2);
    early.delete("forgotten");

    expect(late.get("kept")).toBe(1);
    expect(late.get("forgotten")).toBeUndefined();
  });
});
