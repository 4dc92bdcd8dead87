import { nearest } from "../../../packages/terminal/nearest";

describe("nearest", () => {
  const known = ["--reset", "--empty", "--help"];

  it.each([
    ["a missing letter", "--rset", "--reset"],
    ["an additional letter", "--resset", "--reset"],
    ["a wrong letter", "--emply", "--empty"],
    ["swapped letters", "--rseet", "--reset"],
    ["one dash", "-reset", "--reset"],
    ["capitals", "--RESET", "--reset"],
  ])("finds the name behind %s: %s", (_, given, expected) => {
    expect(nearest(given, known)).toBe(expected);
  });

  it.each([["--verbose"], ["-x"], [""]])("finds nothing that is close to %s", (given) => {
    expect(nearest(given, known)).toBeUndefined();
  });
});
