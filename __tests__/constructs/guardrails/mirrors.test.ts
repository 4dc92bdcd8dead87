import { allRules } from "../../../constructs/guardrails/rules/all-rules";
import mirroredChecks from "../../guardrails/mirrored-checks.json";

/** Titles by the checkers' own ids, as their own lists have them. */
const titles = new Map(Object.values(mirroredChecks).flatMap((checks) => Object.entries(checks)));

describe("what rules mirror", () => {
  it("is on the lists of those who check it", () => {
    const unknown = allRules.flatMap(({ id, mirrors }) =>
      mirrors.filter((mirror) => !titles.has(mirror)).map((mirror) => `${id}: ${mirror}`),
    );

    expect(unknown).toEqual([]);
  });

  it("is all that those lists hold here", () => {
    const mirrored = new Set(allRules.flatMap(({ mirrors }) => mirrors));

    expect([...titles.keys()].filter((id) => !mirrored.has(id))).toEqual([]);
  });
});
