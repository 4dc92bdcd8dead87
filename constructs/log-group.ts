import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import type { CustomerKey } from "./customer-key";

/** Days that CloudWatch Logs takes as a retention (PutRetentionPolicy in its API reference). */
export const logRetentionChoices: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export interface LogGroupProps {
  /** The whole name, as the service that writes there expects it. */
  readonly name: string;
  /** How long a line is kept: one of {@link logRetentionChoices}. */
  readonly retentionDays: number;
  /** @default CloudWatch Logs' own key */
  readonly encryptionKey?: CustomerKey | undefined;
}

/** A CloudWatch log group that is made before anything writes to it, so that its lines do not stay for ever. */
export class LogGroup extends Construct {
  readonly name: string;
  readonly arn: string;
  /** For `dependsOn` of what writes to it. */
  readonly group: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, { name, retentionDays, encryptionKey }: LogGroupProps) {
    super(scope, id);
    encryptionKey?.admitLogGroup(name);
    this.group = new CloudwatchLogGroup(this, "group", {
      name,
      retentionInDays: retentionDays,
      ...(encryptionKey && { kmsKeyId: encryptionKey.arn }),
    });
    this.name = this.group.name;
    this.arn = this.group.arn;
  }
}
