import type { Resource } from "../../stack-view";

/** What a delivery goes to. */
export type TargetKind =
  | "queue"
  | "topic"
  | "function"
  | "data stream"
  | "Firehose stream"
  | "event bus"
  | "bucket"
  | "log group"
  | "state machine"
  | "API destination";

export const targetTypes: Readonly<Record<string, TargetKind>> = {
  aws_cloudwatch_event_api_destination: "API destination",
  aws_cloudwatch_event_bus: "event bus",
  aws_cloudwatch_log_group: "log group",
  aws_kinesis_firehose_delivery_stream: "Firehose stream",
  aws_kinesis_stream: "data stream",
  aws_lambda_alias: "function",
  aws_lambda_function: "function",
  aws_s3_bucket: "bucket",
  aws_sfn_state_machine: "state machine",
  aws_sns_topic: "topic",
  aws_sqs_queue: "queue",
};

/** The action that sends to each kind of target. */
export const sendActions: Readonly<Record<TargetKind, readonly string[]>> = {
  "API destination": ["events:InvokeApiDestination"],
  bucket: ["s3:PutObject"],
  "data stream": ["kinesis:PutRecord"],
  "event bus": ["events:PutEvents"],
  "Firehose stream": ["firehose:PutRecord"],
  function: ["lambda:InvokeFunction"],
  "log group": ["logs:CreateLogStream", "logs:PutLogEvents"],
  queue: ["sqs:SendMessage"],
  "state machine": ["states:StartExecution"],
  topic: ["sns:Publish"],
};

/** A way in which a service delivers for a resource of a stack. */
export interface Sender {
  /** Type of the resource, or several. */
  readonly types: readonly string[];
  /** The attributes with targets. `a.b` is in nested blocks, of which there may be several. */
  readonly attributes: readonly string[];
  /** The attribute contains JSON, and this is the name of the target in it. */
  readonly inJson?: string;
  /** The service that delivers, by the kind of the target if they differ. `<region>` is the resource's Region. */
  readonly service: string | Partial<Readonly<Record<TargetKind | "default", string>>>;
  /** Kinds that the policy of the target lets the service send to. */
  readonly byPolicy: readonly TargetKind[];
  /** Kinds that the service sends to with a role, and the attribute that names it. `function` is the role of the function. */
  readonly byRole?: { readonly attribute: string; readonly kinds: readonly TargetKind[] };
  /** The ARN that the service names as the source. */
  readonly source: SourceName;
  /** Whether a FIFO queue or topic can be the target. @default never */
  readonly fifo?: (sender: Resource) => boolean;
  /** Whether other kinds of targets are rejected. @default false */
  readonly only?: boolean;
  /** Actions that replace the usual ones. */
  readonly actions?: Partial<Readonly<Record<TargetKind, readonly string[]>>>;
  /** Whether a topic without a policy lets the service publish. @default false */
  readonly defaultTopicPolicy?: boolean;
  /** Whether the role's own policies must allow it, whatever the target's policy allows. @default false */
  readonly ownGrant?: boolean;
  /** Where this is documented. */
  readonly documented: string;
}

/** How the source's ARN is found. */
export type SourceName =
  | "own"
  | "rule"
  | "topic"
  | "bucket"
  | "log group"
  | "budgets"
  /** The service names no source, or one that is not documented. */
  | "unknown";
