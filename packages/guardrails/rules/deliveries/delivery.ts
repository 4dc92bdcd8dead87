import { accountOf, partitionOf, regionOf } from "../../access/place";
import { arnOf, functionArn, ruleArn, symbolicText } from "../../access/symbolic-text";
import { asRecord, asRecords, type Resource, type StackView } from "../../stack-view";
import { type Sender, type TargetKind, targetTypes } from "./sender";
import { senders } from "./senders";

/** One resource that has something delivered to another one of the same stack. */
export interface Delivery {
  readonly sender: Sender;
  readonly from: Resource;
  /** The attribute that names the target. */
  readonly attribute: string;
  readonly kind: TargetKind;
  /** The target: for an alias, its function. */
  readonly to: Resource;
  /** The target's ARN as the sender names it, with its qualifier. */
  readonly arn: string;
}

const byStack = new WeakMap<StackView, readonly Delivery[]>();

/** All deliveries of a stack to its own resources. */
export function deliveriesOf(stack: StackView): readonly Delivery[] {
  const deliveries = byStack.get(stack) ?? findDeliveries(stack);
  byStack.set(stack, deliveries);
  return deliveries;
}

function findDeliveries(stack: StackView): readonly Delivery[] {
  return senders.flatMap((sender) =>
    stack
      .all(...sender.types)
      .flatMap((from) =>
        sender.attributes.flatMap((attribute) =>
          targetsIn(from, attribute, sender.inJson).flatMap(
            (value) => deliveryTo(value, { sender, from, attribute }) ?? [],
          ),
        ),
      ),
  );
}

function deliveryTo(
  value: unknown,
  parts: Pick<Delivery, "sender" | "from" | "attribute">,
): Delivery | undefined {
  const { stack } = parts.from;
  const types = Object.keys(targetTypes);
  const found = stack.follow(value, ...types);
  const kind = found && targetTypes[found.type];
  if (!found || !kind) return undefined;
  const to = kind === "function" ? stack.follow(value, "aws_lambda_function") : found;
  if (!to) return undefined;
  return { ...parts, kind, to, arn: targetArn(value, to, parts.from) };
}

/** A table's or bucket's own reference can be a name: what counts is the ARN. */
function targetArn(value: unknown, to: Resource, from: Resource): string {
  const text = symbolicText(from.stack, value);
  if (text.startsWith("arn:")) return withoutStreams(text, to);
  return to.type === "aws_lambda_function" ? functionArn(from, value) : arnOf(to);
}

/** Of a log group, some attributes name all streams: `<ARN>:*`. */
function withoutStreams(arn: string, to: Resource): string {
  return to.type === "aws_cloudwatch_log_group" ? arn.replace(/:\*$/, "") : arn;
}

/** Values of an attribute, which may be in nested blocks, in a list, or in JSON. */
function targetsIn(from: Resource, path: string, inJson: string | undefined): readonly unknown[] {
  if (inJson !== undefined) {
    const target = asRecord(from.json(path))?.[inJson];
    return target === undefined ? [] : [target];
  }
  return valuesAt(from.raw(path.split(".")[0] ?? ""), path.split(".").slice(1));
}

function valuesAt(value: unknown, names: readonly string[]): readonly unknown[] {
  if (value === undefined || value === null) return [];
  const [name, ...rest] = names;
  if (name === undefined) return Array.isArray(value) ? value : [value];
  // Firehose's processors have their parameters as pairs.
  if (name === "LambdaArn") {
    return asRecords(value).flatMap((pair) => (pair.parameter_name === name ? [pair.parameter_value] : []));
  }
  return asRecords(value).flatMap((block) => valuesAt(block[name], rest));
}

/** The ARN for which the service acts. Undefined if that is not known. */
export function sourceOf({ sender, from }: Delivery): string | undefined {
  const { stack } = from;
  switch (sender.source) {
    case "own":
      return arnOf(from);
    case "rule": {
      const rule = from.follow("rule", "aws_cloudwatch_event_rule");
      return rule && ruleArn(rule);
    }
    case "topic":
      return symbolicText(stack, from.raw("topic_arn"));
    case "bucket": {
      const bucket = from.follow("bucket", "aws_s3_bucket");
      return bucket && arnOf(bucket);
    }
    case "log group": {
      const group = from.follow("log_group_name", "aws_cloudwatch_log_group");
      return group && `${arnOf(group)}:*`;
    }
    case "budgets":
      return `arn:${partitionOf(stack, regionOf(from))}:budgets::${accountOf(stack)}:${from.text("name") ?? "*"}`;
    default:
      return undefined;
  }
}

/** The services that deliver, any of which may be allowed to. */
export function servicesOf({ sender, from, kind }: Delivery): readonly string[] {
  const { service } = sender;
  const names = typeof service === "string" ? service : (service[kind] ?? service.default ?? "");
  const region = regionOf(from);
  return names.split(" ").map((name) => name.replace("<region>", () => region));
}

/** The role with which a service sends, and whether one is named at all. */
export function senderRole({ sender, from }: Delivery): {
  readonly isNamed: boolean;
  readonly role: Resource | undefined;
} {
  const attribute = sender.byRole?.attribute ?? "";
  if (attribute !== "function") {
    return { isNamed: from.has(attribute), role: from.follow(attribute, "aws_iam_role") };
  }
  const lambda =
    from.type === "aws_lambda_function" ? from : from.follow("function_name", "aws_lambda_function");
  return { isNamed: true, role: lambda?.follow("role", "aws_iam_role") };
}
