import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import { physicalName } from "./naming";
import type { ServiceFunction } from "./service-function";

export interface ItemsTableProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** Whether AWS refuses to delete the table, and Terraform to plan it. */
  readonly deletionProtection: boolean;
}

/**
 * An on-demand DynamoDB table of items: every version of an item is a row, `id` (string) its hash key and
 * `timestamp` (number, milliseconds) its range key. It can be restored to any second of the last 35 days.
 */
export class ItemsTable extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ItemsTableProps) {
    super(scope, id);
    const table = new DynamodbTable(this, "table", {
      name: physicalName(this, props.name),
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      rangeKey: "timestamp",
      attribute: [
        { name: "id", type: "S" },
        { name: "timestamp", type: "N" },
      ],
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: props.deletionProtection,
      lifecycle: { preventDestroy: props.deletionProtection },
    });
    this.name = table.name;
    this.arn = table.arn;
  }

  /** Lets a function write new rows and read a row's history: nothing that scans, deletes or administers. */
  grantReadWrite(grantee: ServiceFunction): void {
    grantee.addToRolePolicy({
      Sid: "ItemsTable",
      Effect: "Allow",
      Action: ["dynamodb:PutItem", "dynamodb:Query"],
      Resource: this.arn,
    });
  }
}
