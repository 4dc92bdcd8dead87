import { textSummary } from "../../../scripts/plan-guard/summary";
import { changed, created, judgedPlan, updated } from "./prod-plan";

const table = "aws_dynamodb_table.items-table";

describe("the sentence at the end", () => {
  const last = (...given: Parameters<typeof judgedPlan>) =>
    textSummary(judgedPlan(...given))
      .split("\n")
      .at(-1);

  it.each([
    ["nothing changes", [], "✓ passed: nothing changes"],
    ["a text changes", [updated(table, { tags: { a: "b" } })], "✓ passed: no loss found in 1 change"],
  ])("claims no more than was judged if %s", (_, changes, sentence) => {
    expect(last(changes)).toBe(sentence);
  });

  it("names how many changes need a look", () => {
    const forgotten = changed(table, { actions: ["forget"], after: null });

    expect(last([created("aws_unheard_of", {}), forgotten])).toMatch(
      /^✓ passed: no loss found in 2 changes\. Not judged.*: 1 \(\?\)\. Left on AWS.*: 1$/,
    );
  });
});
