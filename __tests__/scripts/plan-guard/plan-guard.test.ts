import { judge } from "../../../scripts/plan-guard/judgement";
import { plannedChanges } from "../../../scripts/plan-guard/planned-changes";
import { readPlan } from "../../../scripts/plan-guard/read-plan";
import { markdownSummary, textSummary } from "../../../scripts/plan-guard/summary";
import type { Change, ResourceChange, TerraformPlan } from "../../../scripts/plan-guard/terraform-plan";

/** A change to a table, as a plan contains it. */
const tableChange = (change: Partial<Change>, rest: Partial<ResourceChange> = {}): ResourceChange => ({
  address: "aws_dynamodb_table.items",
  mode: "managed",
  type: "aws_dynamodb_table",
  change: { actions: ["no-op"], before: { name: "items" }, after: { name: "items" }, ...change },
  ...rest,
});

const planOf = (...changes: ResourceChange[]): TerraformPlan => ({
  format_version: "1.2",
  resource_changes: changes,
});

describe("plannedChanges", () => {
  it("leaves out resources that do not change, and data sources", () => {
    const plan = planOf(
      tableChange({}),
      tableChange(
        { actions: ["read"] },
        { mode: "data", type: "archive_file", address: "data.archive_file.zip" },
      ),
    );

    expect(plannedChanges(plan)).toEqual([]);
  });

  it.each([
    [["delete"], "destroyed"],
    [["delete", "create"], "replaced"],
    [["create", "delete"], "replaced"],
    [["create", "forget"], "replaced"],
  ])("counts %j of a table as a loss", (actions, kind) => {
    const changes = plannedChanges(planOf(tableChange({ actions })));

    expect(changes).toEqual([
      expect.objectContaining({
        kind,
        losses: [{ key: "aws_dynamodb_table.items", text: "its items are lost" }],
      }),
    ]);
  });

  it.each([
    [["create"], {}, "created"],
    [["update"], {}, "changed"],
    [["forget"], {}, "forgotten"],
    [["no-op"], { previous_address: "aws_dynamodb_table.rows" }, "moved"],
  ])("does not count %j of a table with %j as a loss", (actions, rest, kind) => {
    const [change] = plannedChanges(planOf(tableChange({ actions }, rest)));

    expect(change?.kind).toBe(kind);
    expect(change?.losses).toEqual([]);
  });

  it("distinguishes an import from a change", () => {
    const [change] = plannedChanges(planOf(tableChange({ importing: { id: "items" } })));

    expect(change?.kind).toBe("imported");
  });

  it("notes that a resource to create was deleted outside Terraform", () => {
    const created = tableChange({ actions: ["create"], before: null });
    const plan = { ...planOf(created), resource_drift: [tableChange({ actions: ["delete"] })] };

    expect(plannedChanges(plan)[0]?.why).toEqual(["was deleted outside Terraform"]);
  });

  it("counts a loss that Terraform defers to a later plan", () => {
    const change = tableChange({ actions: ["delete"] });
    const plan = {
      ...planOf(),
      deferred_changes: [{ reason: "provider_config_unknown", resource_change: change }],
    };

    expect(plannedChanges(plan)).toEqual([
      expect.objectContaining({
        kind: "destroyed",
        why: ["deferred to a later plan: provider_config_unknown"],
      }),
    ]);
  });

  it("shows an unknown reason in Terraform's own words", () => {
    const [change] = plannedChanges(
      planOf(tableChange({ actions: ["delete"] }, { action_reason: "delete_because_x" })),
    );

    expect(change?.why).toEqual(["delete_because_x"]);
  });

  it("refuses to judge unknown actions", () => {
    expect(() => plannedChanges(planOf(tableChange({ actions: ["vanish"] })))).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('actions "vanish" for aws_dynamodb_table.items'),
        exitCode: 2,
      }),
    );
  });

  it.each([
    ["an attribute", true, true],
    ["a nested attribute", { key: [{ value: true }] }, {}],
    ["the whole resource", {}, true],
  ])("shows no value if %s is sensitive", (_, before, whole) => {
    const [change] = plannedChanges(
      planOf(
        tableChange({
          actions: ["update"],
          before: { secret: "a" },
          after: { secret: "b" },
          before_sensitive: { secret: before },
          after_sensitive: whole === true ? true : {},
        }),
      ),
    );

    expect(change?.why).toEqual(["secret (sensitive)"]);
  });

  it("names long and nested values without showing them", () => {
    const [change] = plannedChanges(
      planOf(
        tableChange({
          actions: ["update"],
          before: { policy: "p", parts: [1], short: null },
          after: { policy: "x".repeat(100), parts: [2], short: "s" },
        }),
      ),
    );

    expect(change?.why).toEqual(["parts", "policy", 'short: none → "s"']);
  });

  it("names the attribute that forces a replacement", () => {
    const [change] = plannedChanges(
      planOf(
        tableChange({
          actions: ["delete", "create"],
          before: { attribute: [{ name: "id" }] },
          after: { attribute: [{ name: "key" }] },
          replace_paths: [["attribute", 0, "name"]],
        }),
      ),
    );

    expect(change?.why).toEqual(['attribute[0].name: "id" → "key"']);
  });
});

describe("readPlan", () => {
  const plan = { format_version: "1.2", planned_values: {} };

  it.each([
    ["text", "not JSON", "plan.json is not JSON"],
    ["a state", JSON.stringify({ format_version: "1.0", values: {} }), "plan.json is not a Terraform plan"],
    ["null", "null", "plan.json is not a Terraform plan"],
    [
      "a later format",
      JSON.stringify({ ...plan, format_version: "2.0" }),
      "plan.json is a plan in format 2.0",
    ],
    ["a plan that failed", JSON.stringify({ ...plan, errored: true }), "plan.json is a plan that failed"],
  ])("rejects %s", (_, json, message) => {
    expect(() => readPlan(json, "plan.json")).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), exitCode: 2 }),
    );
  });
});

describe("summaries", () => {
  const replaced = plannedChanges(
    planOf(
      tableChange({
        actions: ["delete", "create"],
        before: { name: "items" },
        after: { name: "a|`<b>`" },
        replace_paths: [["name"]],
      }),
    ),
  );

  it("say in one line that nothing changes", () => {
    const judgement = judge({ stack: "dev-stack", changes: [] }, []);

    expect(textSummary(judgement)).toBe("dev-stack: no changes\n✓ passed: nothing changes");
    expect(markdownSummary(judgement)).toMatch(/^### dev-stack: passed\n\nno changes\.\n/);
  });

  it("keep a pull request's table intact, whatever a value contains", () => {
    const summary = markdownSummary(judge({ stack: "dev-stack", changes: replaced }, []));

    expect(summary.split("\n").filter((line) => line.startsWith("| replaced"))).toEqual([
      '| replaced | `aws_dynamodb_table.items` | **its items are lost**<br>`name: "items" → "a\\|\'<b>\'"` |',
    ]);
  });

  it("say that Terraform refuses the plan as well, despite an acknowledgement", () => {
    const judgement = judge({ stack: "prod-stack", changes: replaced, prevented: true }, [
      "aws_dynamodb_table.items",
    ]);

    expect(textSummary(judgement)).toMatch(/✗ refused, by Terraform as well: prevent_destroy/);
  });
});
