import { everySwitch, isAccepted, switches } from "./every-switch";
import { has, pairsOf, pairwise } from "./pairwise";

const factors = { a: [1, 2, 3], b: ["x", "y"], c: [true, false], d: [null, 4] };

describe("pairwise", () => {
  it("has every two values together, in far fewer rows than there are combinations", () => {
    const rows = pairwise(factors);

    expect(pairsOf(factors)).toHaveLength(6 * 3 + 4 * 3);
    expect(pairsOf(factors).filter((pair) => !rows.some((row) => has(row, pair)))).toEqual([]);
    expect(rows.length).toBeLessThanOrEqual(8);
    expect(new Set(rows.map((row) => Object.keys(row).sort().join()))).toEqual(new Set(["a,b,c,d"]));
  });

  it("gives the same rows each time", () => {
    expect(pairwise(factors)).toEqual(pairwise(factors));
  });

  it("has only allowed rows, and every pair that they can have", () => {
    const isAllowed = ({ a, b }: { readonly a?: unknown; readonly b?: unknown }) => a !== 3 || b !== "y";

    const rows = pairwise(factors, isAllowed);

    const lacking = pairsOf(factors).filter((pair) => !rows.some((row) => has(row, pair)));
    expect(rows.filter((row) => !isAllowed(row))).toEqual([]);
    expect(lacking).toEqual([{ names: ["a", "b"], values: [3, "y"] }]);
  });
});

describe("the environments with every two switches", () => {
  it("lack only pairs that are refused", () => {
    const rows = pairwise(switches, isAccepted);
    const lacking = pairsOf(switches).filter((pair) => !rows.some((row) => has(row, pair)));

    expect(rows).toHaveLength(everySwitch.length);
    // A certificate belongs to one Region.
    expect(lacking.map(({ names, values }) => [...names, values[0]])).toEqual([
      ["region", "domain", "eu-central-1"],
      ["region", "domain", "eu-central-1"],
    ]);
  });
});
