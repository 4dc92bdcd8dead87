import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import type { CustomerKey } from "./customer-key";
import type { Grantee } from "./grantee";
import { physicalName } from "./naming";

export interface ItemsTableProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  /** Whether AWS refuses to delete the table, and Terraform refuses to plan its deletion. */
  readonly deletionProtection: boolean;
  /** @default a key that DynamoDB owns */
  readonly encryptionKey?: CustomerKey | undefined;
}

/** The operations that functions call. DynamoDB publishes some metrics per operation. */
export const tableOperations = ["DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems"] as const;

/** Attribute with the time, in seconds since 1970, from which DynamoDB can delete a row. Items do not have it. */
export const timeToLiveAttribute = "expiresAt";

/**
 * An on-demand DynamoDB table of items. Every version of an item is a row: `id` (string) is its hash key and `timestamp`
 * (number, milliseconds) its range key. The table can be restored to any second of the last 35 days. Its stream keeps
 * every change of the last 24 hours, with the row before and after it.
 */
export class ItemsTable extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly streamArn: string;
  private readonly encryptionKey: CustomerKey | undefined;

  constructor(scope: Construct, id: string, props: ItemsTableProps) {
    super(scope, id);
    const { encryptionKey } = props;
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
      streamEnabled: true,
      streamViewType: "NEW_AND_OLD_IMAGES",
      ttl: { attributeName: timeToLiveAttribute, enabled: true },
      ...(encryptionKey && { serverSideEncryption: { enabled: true, kmsKeyArn: encryptionKey.arn } }),
      deletionProtectionEnabled: props.deletionProtection,
      lifecycle: { preventDestroy: props.deletionProtection },
    });
    promise(
      table,
      "the functions read and write its rows by these keys, and the stream's reader needs both images",
      [
        "name",
        "billing_mode",
        "hash_key",
        "range_key",
        "attribute",
        "stream_enabled",
        "stream_view_type",
        "ttl",
        "point_in_time_recovery",
        "server_side_encryption",
        "deletion_protection_enabled",
        "lifecycle.prevent_destroy",
      ],
    );
    this.name = table.name;
    this.arn = table.arn;
    this.streamArn = table.streamArn;
    this.encryptionKey = encryptionKey;
  }

  /** Lets a function read, write and delete single rows and query the rows of an id. It cannot scan or administer. */
  grantReadWrite(grantee: Grantee): void {
    grantee.addToRolePolicy({
      Sid: "ItemsTable",
      Effect: "Allow",
      // A transaction needs the permissions of the operations in it, and no others.
      Action: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
      Resource: this.arn,
    });
    this.grantKey(grantee);
  }

  /** Lets Lambda read the table's stream for a function. @returns what the event source mapping must depend on */
  grantStreamRead(grantee: Grantee): ITerraformDependable {
    this.grantKey(grantee);
    return grantee.addToRolePolicy({
      Sid: "ItemsStream",
      Effect: "Allow",
      Action: [
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
      ],
      Resource: `${this.arn}/stream/*`,
    });
  }

  /** DynamoDB decrypts the table key with the permissions of whoever reads or writes. */
  private grantKey(grantee: Grantee): void {
    if (!this.encryptionKey) return;
    grantee.addToRolePolicy({
      Sid: "ItemsTableKey",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: this.encryptionKey.arn,
      Condition: {
        StringEquals: {
          "kms:ViaService": `dynamodb.${this.encryptionKey.region}.amazonaws.com`,
          "kms:EncryptionContext:aws:dynamodb:tableName": this.name,
        },
      },
    });
  }
}
