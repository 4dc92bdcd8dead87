import { runTogether } from "../../../packages/terminal/run-together";
import { UserError } from "../../../packages/terminal/user-error";

const later = <T>(value: T) => new Promise<T>((resolve) => setTimeout(resolve, 5, value));

describe("runTogether", () => {
  it("gives all results, in the order of the work", async () => {
    expect(await runTogether(later("a"), Promise.resolve(1))).toEqual(["a", 1]);
  });

  it("waits for all work before it fails", async () => {
    let ended = false;
    const slow = later(undefined).then(() => {
      ended = true;
    });

    await expect(runTogether(Promise.reject(new UserError("no network")), slow)).rejects.toThrow(
      "no network",
    );

    expect(ended).toBe(true);
  });

  it("tells every failure that the user can fix, and each only once", async () => {
    const same = Promise.reject(new UserError("no Python"));

    const work = runTogether(same, Promise.reject(new UserError("no network")), same.then());

    await expect(work).rejects.toMatchObject({ message: "no Python\n✗ no network", forUser: true });
  });

  it("prefers a defect, whose stack is needed, to what the user can fix", async () => {
    const work = runTogether(
      Promise.reject(new UserError("no network")),
      Promise.reject(new TypeError("defect")),
    );

    await expect(work).rejects.toThrow(TypeError);
  });
});
