import { Batches } from "../../../../../packages/laptop/gaps/shared/batches";

describe("Batches", () => {
  it("delivers the items of each key together, after their time or when it settles", async () => {
    const delivered: [string, readonly number[]][] = [];
    const batches = new Batches<number>({
      milliseconds: 60_000,
      deliver: async (key, items) => {
        delivered.push([key, items]);
      },
      failed: jest.fn(),
    });
    batches.add("a", 1);
    batches.add("b", 2);
    batches.add("a", 3, 4);

    await batches.settle();

    expect(delivered).toEqual([
      ["a", [1, 3, 4]],
      ["b", [2]],
    ]);
  });

  it("reports a delivery that fails, and makes the next one", async () => {
    const deliver = jest.fn().mockRejectedValueOnce(new Error("gone")).mockResolvedValue(undefined);
    const failed = jest.fn();
    const batches = new Batches<number>({ milliseconds: 60_000, deliver, failed });

    batches.add("a", 1);
    await batches.settle();
    batches.add("a", 2);
    await batches.settle();

    expect(failed).toHaveBeenCalledWith(new Error("gone"));
    expect(deliver).toHaveBeenLastCalledWith("a", [2]);
  });
});
