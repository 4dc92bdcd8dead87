import { apiSnapshotNotes } from "../../scripts/plan-guard/api-snapshots";
import { judge } from "../../scripts/plan-guard/judgement";
import { plannedChanges } from "../../scripts/plan-guard/planned-changes";
import { readPlan } from "../../scripts/plan-guard/read-plan";
import { markdownSummary, textSummary } from "../../scripts/plan-guard/summary";
import type { Change, ResourceChange, TerraformPlan } from "../../scripts/plan-guard/terraform-plan";

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

    expect(changes).toEqual([expect.objectContaining({ kind, loss: "its items are lost" })]);
  });

  it.each([
    [["create"], {}, "created"],
    [["update"], {}, "changed"],
    [["forget"], {}, "forgotten"],
    [["no-op"], { previous_address: "aws_dynamodb_table.rows" }, "moved"],
  ])("does not count %j of a table with %j as a loss", (actions, rest, kind) => {
    const [change] = plannedChanges(planOf(tableChange({ actions }, rest)));

    expect(change?.kind).toBe(kind);
    expect(change).not.toHaveProperty("loss");
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

describe("apiSnapshotNotes", () => {
  const deployment = (triggers: object, before: object | null = {}): ResourceChange =>
    apiChange("aws_api_gateway_deployment", "deployment", ["create", "delete"], before && { triggers: {} }, {
      rest_api_id: "api1",
      triggers,
    });
  const items = apiChange("aws_api_gateway_resource", "items", ["no-op"], { id: "r1", path: "/items" }, {});
  const gone = (type: string, name: string, attributes: object = {}) =>
    apiChange(type, name, ["delete"], attributes, null);

  it.each<[string, readonly ResourceChange[], string]>([
    [
      "a method, by its route",
      [gone("aws_api_gateway_method", "get", { resource_id: "r1", http_method: "GET" })],
      "GET /items",
    ],
    [
      "a method below a resource that goes too, and none of their parts",
      [
        gone("aws_api_gateway_resource", "id", { id: "r2", path: "/items/{id}" }),
        gone("aws_api_gateway_method", "get", { resource_id: "r2", http_method: "GET" }),
        gone("aws_api_gateway_integration", "get", { resource_id: "r2", http_method: "GET" }),
      ],
      "GET /items/{id}",
    ],
    [
      "a method of the root",
      [gone("aws_api_gateway_method", "any", { resource_id: "r0", http_method: "ANY" })],
      "ANY /",
    ],
    [
      "a response whose method stays",
      [gone("aws_api_gateway_integration_response", "r", { resource_id: "r1", http_method: "OPTIONS" })],
      "aws_api_gateway_integration_response.r",
    ],
    ["a policy", [gone("aws_api_gateway_rest_api_policy", "p")], "aws_api_gateway_rest_api_policy.p"],
    ["a model", [gone("aws_api_gateway_model", "m")], "aws_api_gateway_model.m"],
    ["an authorizer", [gone("aws_api_gateway_authorizer", "a")], "aws_api_gateway_authorizer.a"],
    [
      "a gateway response",
      [gone("aws_api_gateway_gateway_response", "g")],
      "aws_api_gateway_gateway_response.g",
    ],
  ])("announces a second deployment for %s", (_, removed, shown) => {
    const notes = apiSnapshotNotes("dev-stack", planOf(deployment({}), items, ...removed));

    expect(notes).toEqual([
      `! The API's new snapshot still contains what this deployment removes: ${shown}. To take it out of service, run the deployment a second time: npx cdktf deploy dev-stack`,
    ]);
  });

  it.each<[string, readonly ResourceChange[]]>([
    ["a route is only added", [apiChange("aws_api_gateway_method", "get", ["create"], null, {})]],
    ["a policy is changed in place", [apiChange("aws_api_gateway_rest_api_policy", "p", ["update"], {}, {})]],
    ["something else is destroyed", [gone("aws_lambda_permission", "invoke")]],
    [
      "an API is destroyed with its routes",
      [{ ...gone("aws_api_gateway_method", "get", { rest_api_id: "api2" }) }],
    ],
  ])("announces none if %s", (_, changes) => {
    expect(apiSnapshotNotes("dev-stack", planOf(deployment({}), ...changes))).toEqual([]);
  });

  it("announces none if the whole stack is destroyed", () => {
    const destroyed = apiChange("aws_api_gateway_deployment", "deployment", ["delete"], {}, null);
    const method = gone("aws_api_gateway_method", "get");

    expect(apiSnapshotNotes("dev-stack", planOf(destroyed, method))).toEqual([]);
  });

  it.each([
    ["1a2b3c4d", "", true],
    ["", "1a2b3c4d", false],
    ["1a2b3c4d", "5e6f7a8b", false],
    ["", "", false],
  ])("tells whether a deployment finishes a removal: from %j to %j", (before, after, finishes) => {
    const change = apiChange(
      "aws_api_gateway_deployment",
      "deployment",
      ["create", "delete"],
      { triggers: { removed: before } },
      { triggers: { removed: after } },
    );

    expect(apiSnapshotNotes("dev-stack", planOf(change))).toEqual(
      finishes ? ["This deployment takes out of service what the last deployment removed."] : [],
    );
  });

  it("says nothing of what the first deployment of an API removes", () => {
    expect(apiSnapshotNotes("dev-stack", planOf(deployment({ removed: "" }, null)))).toEqual([]);
  });
});

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

    expect(judgement.refused.map(({ address }) => address)).toEqual(["aws_api_gateway_resource.new"]);
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
  ])("%s passes", (_, one, other) => {
    const judgement = judge({ stack: "dev-stack", changes: plannedChanges(planOf(one, other)) }, []);

    expect(judgement.refused).toEqual([]);
  });
});

/** A change to a part of an API, as a plan contains it. */
function apiChange(
  type: string,
  name: string,
  actions: readonly string[],
  before: object | null,
  after: object | null,
): ResourceChange {
  const ofApi = (attributes: object | null) => attributes && { rest_api_id: "api1", ...attributes };
  const change = { actions, before: ofApi(before), after: ofApi(after) };
  return { address: `${type}.${name}`, mode: "managed", type, change };
}

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

    expect(textSummary(judgement)).toBe(
      "dev-stack: no changes\n✓ passed: no data and nothing callers depend on would be destroyed or replaced",
    );
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
