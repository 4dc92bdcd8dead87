import { binomialBounds } from "./binomial";

describe("binomialBounds", () => {
  it.each([
    // Of 4 throws of a coin, none succeeds with a chance of 1/16.
    [4, 0.5, 0.126, 1, 3],
    [4, 0.5, 0.124, 0, 4],
    [10, 0, 1e-6, 0, 0],
    [10, 1, 1e-6, 10, 10],
    // Mean 100, deviation 9.5.
    [1_000, 0.1, 0.0027, 73, 129],
    // Mean 50,000, deviation 158: about 4.9 of it.
    [100_000, 0.5, 1e-6, 49_227, 50_773],
  ])("of %i trials with a share of %d, at a chance of %d: %i to %i", (trials, share, chance, low, high) => {
    const bounds = binomialBounds(trials, share, chance);

    expect(bounds).toEqual({ low, high });
  });
});
