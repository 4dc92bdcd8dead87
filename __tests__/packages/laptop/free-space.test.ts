import fs from "node:fs/promises";
import os from "node:os";
import { explainFileError, requireSpace } from "../../../packages/laptop/free-space";

describe("requireSpace", () => {
  it("names what needs the space, how much, and how much there is", async () => {
    await expect(requireSpace(os.tmpdir(), 1e18, "saving the state")).rejects.toMatchObject({
      forUser: true,
      message: expect.stringMatching(
        /^saving the state needs 1000000000000 MB in .*, and its disk has \d+ MB free: free at least \d+ MB more$/,
      ),
    });
  });

  it("accepts a disk with enough of it", async () => {
    await expect(requireSpace(os.tmpdir(), 1, "saving the state")).resolves.toBeUndefined();
  });
});

describe("explainFileError", () => {
  it.each([
    ["ENOSPC", "the disk is full"],
    ["EDQUOT", "the disk quota is used up"],
    ["EROFS", "the file system is read-only"],
    ["EACCES", "permission denied"],
    ["EIO", "EIO"],
  ])("explains %s without a stack trace", (code, reason) => {
    const error = Object.assign(new Error(code), { code, syscall: "write", path: "state/sqs.json" });

    expect(explainFileError(error, "the state could not be saved")).toMatchObject({
      forUser: true,
      message: `the state could not be saved: ${reason}, at state/sqs.json`,
      cause: error,
    });
  });

  it.each([
    ["a defect", new TypeError("x is undefined")],
    ["a text", "why"],
  ])("leaves %s alone", (_, error) => {
    expect(explainFileError(error, "the state could not be saved")).toBe(error);
  });

  it("explains what the file system itself refuses", async () => {
    const error = await fs.writeFile("/dev/full", "x").catch((caught: unknown) => caught);

    if (process.platform !== "linux") return;
    expect(explainFileError(error, "it failed")).toMatchObject({ message: "it failed: the disk is full" });
  });
});
