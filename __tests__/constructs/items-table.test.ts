import { ItemsTable } from "../../constructs/items-table";
import { serviceFunction } from "../support/service-function";
import { synthesizeStack } from "../support/synthesize";

const itemsTable = (deletionProtection = false) =>
  synthesizeStack((stack) => {
    new ItemsTable(stack, "items-table", { name: "items", deletionProtection });
  });

describe("ItemsTable", () => {
  it("has the id, a string, and the timestamp, a number, as keys", () => {
    const stack = itemsTable();

    const table = stack.only("aws_dynamodb_table");

    expect(table.attributes).toMatchObject({
      hash_key: "id",
      range_key: "timestamp",
      attribute: [
        { name: "id", type: "S" },
        { name: "timestamp", type: "N" },
      ],
    });
  });

  it("is billed on demand, so there is no capacity to run out of", () => {
    const stack = itemsTable();

    const table = stack.only("aws_dynamodb_table");

    expect(table.attributes.billing_mode).toBe("PAY_PER_REQUEST");
    expect(table.attributes).not.toHaveProperty("read_capacity");
    expect(table.attributes).not.toHaveProperty("write_capacity");
  });

  it("can be restored to a point in time", () => {
    const stack = itemsTable();

    const table = stack.only("aws_dynamodb_table");

    expect(table.attributes.point_in_time_recovery).toEqual({ enabled: true });
  });

  it.each([true, false])(
    "is protected by both AWS and Terraform, or by neither: %s",
    (deletionProtection) => {
      const stack = itemsTable(deletionProtection);

      const table = stack.only("aws_dynamodb_table");

      expect(table.attributes.deletion_protection_enabled).toBe(deletionProtection);
      expect(table.attributes.lifecycle).toEqual({ prevent_destroy: deletionProtection });
    },
  );

  it("is named after application and environment", () => {
    const stack = itemsTable();

    const table = stack.only("aws_dynamodb_table");

    expect(table.attributes.name).toBe("shop-items-test");
  });

  it("lets a function read and write rows of this table only", () => {
    const stack = synthesizeStack((testStack) => {
      const table = new ItemsTable(testStack, "items-table", { name: "items", deletionProtection: false });
      table.grantReadWrite(serviceFunction(testStack));
    });

    const policy = stack.only("aws_iam_role_policy").parsed("policy") as { Statement: { Sid: string }[] };

    expect(policy.Statement.filter(({ Sid }) => Sid === "ItemsTable")).toEqual([
      {
        Sid: "ItemsTable",
        Effect: "Allow",
        Action: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
        Resource: stack.only("aws_dynamodb_table").ref("arn"),
      },
    ]);
  });
});
