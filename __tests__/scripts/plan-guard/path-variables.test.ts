import { judge } from "../../../scripts/plan-guard/judgement";
import { plannedChanges } from "../../../scripts/plan-guard/planned-changes";
import { markdownSummary, textSummary } from "../../../scripts/plan-guard/summary";
import { apiChange, planOf } from "./api-change";

describe("a path variable", () => {
  const created = (part: string, parent = "r1") =>
    apiChange("aws_api_gateway_resource", "new", ["create"], null, { parent_id: parent, path_part: part });
  const present = (part: string, actions: readonly string[], parent = "r1") =>
    apiChange("aws_api_gateway_resource", "old", actions, { parent_id: parent, path_part: part }, {});

  const renamed = (from: string, part: string) =>
    apiChange(
      "aws_api_gateway_resource",
      "new",
      ["update"],
      { parent_id: "r1", path_part: from },
      { parent_id: "r1", path_part: part },
    );

  it.each([
    ["that replaces another", created("{itemId}"), present("{id}", ["delete"])],
    ["beside one that stays", created("{itemId}"), present("{id}", ["no-op"])],
    ["that is greedy", created("{rest+}"), present("{id}", ["delete"])],
    ["that was a literal part", renamed("other", "{itemId}"), present("{id}", ["no-op"])],
    ["that was another variable", renamed("{key}", "{itemId}"), present("{id}", ["delete"])],
  ])("%s is refused, because AWS rejects it", (_, one, other) => {
    const judgement = judge({ stack: "dev-stack", changes: plannedChanges(planOf(one, other)) }, [
      "aws_api_gateway_resource.new",
    ]);

    expect(judgement.passed).toBe(false);
    expect(judgement.rejected).toEqual(["aws_api_gateway_resource.new"]);
    expect(textSummary(judgement)).toMatch(/! API Gateway rejects \{\S+\} next to \{id\}: .*Keep the name/);
    expect(textSummary(judgement)).toMatch(/✗ refused: AWS would reject aws_api_gateway_resource.new /);
    expect(markdownSummary(judgement)).toContain("### dev-stack: refused");
  });

  it("shows a reviewer why it is refused, outside the folded list of what is created", () => {
    const [one, other] = [created("{itemId}"), present("{id}", ["delete"])];

    const summary = markdownSummary(
      judge({ stack: "dev-stack", changes: plannedChanges(planOf(one, other)) }, []),
    );

    expect(summary).toMatch(/\| created \| `aws_api_gateway_resource.new` \| \*\*API Gateway rejects/);
    expect(summary).not.toContain("<details>");
  });

  it.each([
    [
      "of the same name, whose resource moves to another address",
      created("{id}"),
      present("{id}", ["delete"]),
    ],
    ["below another parent", created("{itemId}"), present("{id}", ["delete"], "r2")],
    ["below a parent that is created too", created("{itemId}", ""), present("{id}", ["delete"])],
    ["beside a literal part", created("{itemId}"), present("id", ["delete"])],
    ["that becomes a literal part", created("id"), present("{id}", ["delete"])],
    ["renamed in place", renamed("{id}", "{itemId}"), present("id", ["no-op"])],
    ["that stays", renamed("{id}", "{id}"), present("{id}", ["delete"])],
  ])("%s is not rejected", (_, one, other) => {
    const judgement = judge({ stack: "dev-stack", changes: plannedChanges(planOf(one, other)) }, []);

    expect(judgement.rejected).toEqual([]);
  });
});
