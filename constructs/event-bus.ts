import { CloudwatchEventBus } from "@cdktf/provider-aws/lib/cloudwatch-event-bus";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import type { Grantee } from "./grantee";
import { physicalName } from "./naming";

export interface EventBusProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  readonly description: string;
}

/** An EventBridge bus that tells other services in the account what happened. */
export class EventBus extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EventBusProps) {
    super(scope, id);
    const bus = new CloudwatchEventBus(this, "bus", {
      name: physicalName(this, props.name),
      description: props.description,
    });
    promise(bus, "other services' rules name it", ["name"]);
    this.name = bus.name;
    this.arn = bus.arn;
  }

  grantPublish(grantee: Grantee): void {
    grantee.addToRolePolicy({
      Sid: "EventBus",
      Effect: "Allow",
      Action: "events:PutEvents",
      Resource: this.arn,
    });
  }
}
