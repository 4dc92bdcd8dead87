import { UserError } from "../../../packages/terminal/user-error";

describe("UserError", () => {
  it("makes commands exit with 1, or with its own exit code", () => {
    expect([new UserError("a").exitCode, new UserError("a", { exitCode: 2 }).exitCode]).toEqual([1, 2]);
  });
});
