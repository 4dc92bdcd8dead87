import { templateParts } from "../../packages/guardrails/expression";
import { type Resource, StackView } from "../../packages/guardrails/stack-view";

const accountId = "123456789012";
const keyId = "1234abcd-12ab-34cd-56ef-1234567890ab";

/** Service and resource of `arn:aws:<service>:<Region>:<account>:<resource>`, by the type of the resource. */
const arnFormats: Readonly<Record<string, (name: string) => readonly [service: string, resource: string]>> = {
  aws_cloudwatch_event_bus: (name) => ["events", `event-bus/${name}`],
  aws_cloudwatch_log_group: (name) => ["logs", `log-group:${name}`],
  aws_dynamodb_table: (name) => ["dynamodb", `table/${name}`],
  aws_iam_role: (name) => ["iam", `role/${name}`],
  aws_kms_key: () => ["kms", `key/${keyId}`],
  aws_kinesis_firehose_delivery_stream: (name) => ["firehose", `deliverystream/${name}`],
  aws_lambda_function: (name) => ["lambda", `function:${name}`],
  aws_s3_bucket: (name) => ["s3", name],
  aws_sqs_queue: (name) => ["sqs", name],
};

/** A stack as deployed to an account, with ARNs in place of references. */
export class ConcreteStack {
  readonly view: StackView;
  readonly region: string;

  /** @param text `cdk.tf.json` */
  constructor(text: string) {
    this.view = new StackView(JSON.parse(text));
    const { aws } = JSON.parse(text).provider;
    this.region = aws[0].region;
  }

  /** @throws Error unless exactly one resource of the type has a construct path that ends with `path` */
  at(type: string, path: string): Resource {
    const [only, ...further] = this.view.all(type).filter((resource) => resource.path.endsWith(`/${path}`));
    if (only && further.length === 0) return only;
    throw new Error(`there should be one ${type} at …/${path}, got ${only ? further.length + 1 : 0}`);
  }

  /** A text with every expression replaced by its value. @throws Error for an expression that is not known here */
  text(written: unknown): string {
    const evaluated = this.view.evaluate(written);
    if (typeof evaluated !== "string") throw new Error(`${JSON.stringify(written)} is not a text`);
    return templateParts(evaluated)
      .map((part) => ("literal" in part ? part.literal : this.expression(part.expression)))
      .join("");
  }

  /** The ARN of a resource in this Region and account, by its name. An ARN is returned unchanged. */
  arn(type: string, name: string): string {
    const format = arnFormats[type];
    if (!format) throw new Error(`add the format of ${type}'s ARN to ${__filename}`);
    const [service, resource] = format(name);
    // A bucket name is globally unique, so its ARN has neither Region nor account.
    const place = service === "s3" ? ":" : `${this.region}:${accountId}`;
    return name.startsWith("arn:") ? name : `arn:aws:${service}:${place}:${resource}`;
  }

  arnOf(resource: Resource): string {
    return this.arn(resource.type, nameOf(resource));
  }

  private expression(expression: string): string {
    const [, type = "", id = "", attribute] = /^(\w+)\.([\w-]+)\.(arn|stream_arn)$/.exec(expression) ?? [];
    const resource = this.view.all(type).find((candidate) => candidate.id === id);
    if (resource && attribute) {
      return this.arnOf(resource) + (attribute === "stream_arn" ? "/stream/2026-01-31T00:00:00.000" : "");
    }
    const [, ofArn, part] = /^element\(split\(":", ([\w.-]+)\), (\d)\)$/.exec(expression) ?? [];
    if (ofArn) return `${this.expression(ofArn).split(":")[Number(part)]}`;
    // The key's own id, through its policy, so that nothing uses the key before the policy is in place.
    const [, key] =
      /^replace\((aws_kms_key\.[\w-]+\.arn), aws_kms_key\..*\.key_id, aws_kms_key_policy\..*\.key_id\)$/.exec(
        expression,
      ) ?? [];
    if (key) return this.expression(key);
    throw new Error(`\${${expression}} is not known: add its value after a deployment to ${__filename}`);
  }
}

/** The name of a resource in its ARN. */
export function nameOf(resource: Resource): string {
  if (resource.type === "aws_kms_key") return keyId;
  const attribute =
    { aws_lambda_function: "function_name", aws_s3_bucket: "bucket" }[resource.type] ?? "name";
  return `${resource.value(attribute)}`;
}
