import { Batches } from "../../../../../packages/laptop/gaps/shared/batches";
import { report } from "../../../../../packages/laptop/gaps/shared/report";

jest.mock("../../../../../packages/laptop/gaps/shared/report", () => ({ report: jest.fn() }));

describe("Batches", () => {
  it("delivers together what came for one key, by its time or when it must settle", async () => {
    const delivered: [string, readonly number[]][] = [];
    const batches = new Batches<number>({
      gap: "gap",
      milliseconds: 60_000,
      deliver: async (key, items) => {
        delivered.push([key, items]);
      },
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

  it("reports a delivery that fails, and delivers the next one", async () => {
    const deliver = jest.fn().mockRejectedValueOnce(new Error("gone")).mockResolvedValue(undefined);
    const batches = new Batches<number>({ gap: "gap", milliseconds: 60_000, deliver });

    batches.add("a", 1);
    await batches.settle();
    batches.add("a", 2);
    await batches.settle();

    expect(report).toHaveBeenCalledWith("gap", new Error("gone"));
    expect(deliver).toHaveBeenLastCalledWith("a", [2]);
  });
});
