import { DynamoDBClient, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { protectionsInState, protectionsOnAws } from "../../../scripts/destroy/protections";
import type { TerraformState } from "../../../scripts/lib/terraform-state";

describe("protectionsInState", () => {
  it.each([
    ["a table", "aws_dynamodb_table", { name: "items", deletion_protection_enabled: true }, "items"],
    ["a bucket that is not emptied", "aws_s3_bucket", { bucket: "logs", force_destroy: false }, "logs"],
    ["a bucket without the attribute", "aws_s3_bucket", { bucket: "logs", force_destroy: null }, "logs"],
    ["a user pool", "aws_cognito_user_pool", { name: "users", deletion_protection: "ACTIVE" }, "users"],
    ["a load balancer", "aws_lb", { name: "front", enable_deletion_protection: true }, "front"],
    ["a database", "aws_db_instance", { id: "db-1", deletion_protection: true }, "db-1"],
  ])("finds %s", (_, type, attributes, name) => {
    expect(protectionsInState(stateOf(type, attributes))).toEqual([
      expect.objectContaining({ address: `${type}.id`, name }),
    ]);
  });

  it.each([
    ["a table", "aws_dynamodb_table", { name: "items", deletion_protection_enabled: false }],
    ["a bucket that is emptied", "aws_s3_bucket", { bucket: "logs", force_destroy: true }],
    ["a user pool", "aws_cognito_user_pool", { name: "users", deletion_protection: "INACTIVE" }],
    ["a function", "aws_lambda_function", { function_name: "api" }],
  ])("does not find %s without protection", (_, type, attributes) => {
    expect(protectionsInState(stateOf(type, attributes))).toEqual([]);
  });

  it("ignores what Terraform only reads", () => {
    const state = stateOf("aws_dynamodb_table", { name: "items", deletion_protection_enabled: true }, "data");

    expect(protectionsInState(state)).toEqual([]);
  });
});

describe("protectionsOnAws", () => {
  const state = stateOf("aws_dynamodb_table", { name: "items", deletion_protection_enabled: false });
  const dynamoDb = new DynamoDBClient({ region: "eu-west-1" });

  afterEach(() => jest.restoreAllMocks());

  it.each([
    ["finds a table whose protection was turned on by hand", true, 1],
    ["finds nothing if it is off", false, 0],
  ])("%s", async (_, DeletionProtectionEnabled, count) => {
    jest.spyOn(dynamoDb, "send").mockResolvedValue({ Table: { DeletionProtectionEnabled } } as never);

    expect(await protectionsOnAws(state, dynamoDb)).toHaveLength(count);
  });

  it("does not miss a table that is already gone", async () => {
    const gone = new ResourceNotFoundException({ message: "gone", $metadata: {} });
    jest.spyOn(dynamoDb, "send").mockRejectedValue(gone as never);

    expect(await protectionsOnAws(state, dynamoDb)).toEqual([]);
  });

  it("fails if the protection cannot be read, rather than call the table unprotected", async () => {
    const refused = Object.assign(new Error("no"), { name: "AccessDeniedException" });
    jest.spyOn(dynamoDb, "send").mockRejectedValue(refused as never);

    await expect(protectionsOnAws(state, dynamoDb)).rejects.toBe(refused);
  });
});

function stateOf(
  type: string,
  attributes: Readonly<Record<string, unknown>>,
  mode: "managed" | "data" = "managed",
): TerraformState {
  return {
    lineage: "lineage",
    serial: 1,
    outputs: {},
    resources: [{ mode, type, name: "id", instances: [{ attributes }] }],
  };
}
