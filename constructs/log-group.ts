import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import type { CustomerKey } from "./customer-key";
import type { LogRetentionDays } from "./log-retention";

export interface LogGroupProps {
  /** The full name, as the service that writes to the group expects it. */
  readonly name: string;
  readonly retentionDays: LogRetentionDays;
  /** @default a key that CloudWatch Logs owns */
  readonly encryptionKey?: CustomerKey | undefined;
}

/** A CloudWatch log group that exists before anything writes to it. One that AWS creates would keep its lines forever. */
export class LogGroup extends Construct {
  readonly name: string;
  readonly arn: string;
  /** For the `dependsOn` of whatever writes to it. */
  readonly group: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, { name, retentionDays, encryptionKey }: LogGroupProps) {
    super(scope, id);
    encryptionKey?.allowLogGroup(name);
    this.group = new CloudwatchLogGroup(this, "group", {
      name,
      retentionInDays: retentionDays,
      ...(encryptionKey && { kmsKeyId: encryptionKey.arn }),
    });
    promise(
      this.group,
      "its lines are kept as long as the environment says, and whoever writes to it knows its name",
      ["name", "retention_in_days", "kms_key_id"],
    );
    this.name = this.group.name;
    this.arn = this.group.arn;
  }
}
