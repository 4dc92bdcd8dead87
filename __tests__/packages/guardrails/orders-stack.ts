import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Guardrails } from "../../../packages/guardrails/guardrails";

export class OrdersStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    Guardrails.apply(this, { requiredTags: ["Team"] });
    new AwsProvider(this, "aws", { region: "eu-west-1", defaultTags: [{ tags: { Team: "orders" } }] });
    new DynamodbTable(this, "orders", {
      name: "orders",
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attribute: [{ name: "orderId", type: "S" }],
      pointInTimeRecovery: { enabled: true },
    });
    new SqsQueue(this, "parcels", { name: "parcels.fifo", sqsManagedSseEnabled: true });
  }
}
