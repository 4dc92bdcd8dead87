import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { reportTo } from "../../../../../packages/laptop/gaps/shared/report";

describe("reportTo", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "report-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("appends one line per failure to gateway.log", async () => {
    const report = reportTo(path.join(folder, "log"));

    await report("alarms", new TypeError("first\n  line"));
    await report("x-ray", "no error");

    const lines = readFileSync(path.join(folder, "log", "gateway.log"), "utf8").split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z alarms: TypeError: first line$/),
      expect.stringMatching(/Z x-ray: no error$/),
      "",
    ]);
  });

  it("does not fail if it cannot write", async () => {
    const report = reportTo("/dev/null/log");

    await expect(report("alarms", new Error("lost"))).resolves.toBeUndefined();
  });
});
