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

  it("delivers a key's batches in order, although an earlier one takes longer, without holding up other keys", async () => {
    const delivered: string[] = [];
    let finishFirst = () => {};
    const first = new Promise<void>((resolve) => {
      finishFirst = resolve;
    });
    const batches = new Batches<number>({
      milliseconds: 60_000,
      deliver: async (key, items) => {
        if (items.includes(1)) await first;
        delivered.push(`${key} ${items}`);
      },
      failed: jest.fn(),
    });

    batches.add("a", 1);
    const settledFirst = batches.settle();
    batches.add("a", 2);
    batches.add("b", 3);
    const settledAll = batches.settle();
    await new Promise(setImmediate);
    const whileFirstWaits = [...delivered];
    finishFirst();
    await Promise.all([settledFirst, settledAll]);

    expect(whileFirstWaits).toEqual(["b 3"]);
    expect(delivered).toEqual(["b 3", "a 1", "a 2"]);
  });
});
