import { symbolsOf, unknown } from "../../iam/unknown";
import { hclToJson, templateParts } from "../expression";
import type { Resource, StackView } from "../stack-view";
import { type ArnFormat, arnFormats } from "./arn-formats";
import { accountOf, ownRegionIn, partitionOf, regionOf, withOwnPlace } from "./place";

/**
 * A text as IAM compares it. The ARN of a resource is spelt out as far as the stack defines it. What AWS chooses, such as
 * a key's id, is a text that nothing else equals. What only Terraform knows is `unknown`.
 */
export function symbolicText(stack: StackView, written: unknown): string {
  const value = stack.evaluate(written);
  if (typeof value !== "string") {
    return typeof value === "number" || typeof value === "boolean" ? `${value}` : unknown(shown(value));
  }
  const text = templateParts(value)
    .map((part) => ("literal" in part ? part.literal : expressionText(stack, part.expression)))
    .join("");
  return withUnknownIds(withOwnPlace(stack, text));
}

/** A resource's ARN. Unknown for a type whose ARN is not in the table. */
export function arnOf(resource: Resource): string {
  return attributeText(resource, "arn");
}

/** A symbolic text for a message. */
export function shownText(text: string): string {
  return text.replace(/\uE000([^\uE001]*)\uE001/gu, "${$1}").replace(/‹([^›]*)›/g, "<$1>");
}

/** A segment of an ARN, or of another text with colons. */
export function segmentOf(text: string, index: number): string | undefined {
  const segments = [""];
  for (const symbol of symbolsOf(text)) {
    if (symbol === ":") segments.push("");
    else segments[segments.length - 1] += symbol;
  }
  return segments[index];
}

const shown = (value: unknown): string => JSON.stringify(value) ?? "absent";
const computed = (block: Resource, what = ""): string => `‹${block.address}${what}›`;

/** An id that AWS chose can be that of any key or API, whether the stack creates it or not. */
function withUnknownIds(text: string): string {
  return text.replace(
    /(:kms:[^:]*:[^:]*:key\/|:execute-api:[^:]*:[^:]*:)([a-z0-9-]+)(?=\/|$)/g,
    (_, before: string, id: string) => before + unknown(id),
  );
}

const attributePattern =
  /^((?:data\.)?[a-z][a-z0-9]*_\w+\.[A-Za-z_][\w-]*)((?:\[[^\]]*\])?)\.(\w+)((?:\[[^\]]*\])?)$/;

function expressionText(stack: StackView, expression: string): string {
  // A policy variable, which Terraform writes as `$${aws:username}`.
  if (/^(?:[\w-]+:[^}]+|[*?$])$/.test(expression)) return `\${${expression}}`;
  const [, address = "", instance, attribute, item] = attributePattern.exec(expression) ?? [];
  const block = stack.find(address);
  if (block && attribute && !item) {
    const plain = `\${${address}.${attribute}}`;
    const resolved = instance ? stack.evaluate(plain) : plain;
    return resolved === plain ? attributeText(block, attribute) : symbolicText(stack, resolved);
  }
  return (
    ownRegionIn(stack, expression) ??
    callText(stack, expression) ??
    unknown(expression.replace(/\s+/g, " ").replaceAll("${", "{"))
  );
}

/** The functions with which a part of an ARN is taken from it, and a key's id is replaced by itself. */
function callText(stack: StackView, expression: string): string | undefined {
  const text = (argument: unknown) => symbolicText(stack, argument);
  const [, name, source = ""] = /^(element|replace)\((.*)\)$/s.exec(expression) ?? [];
  const list: unknown = name && hclToJson(`[${source}]`);
  const values: readonly unknown[] = Array.isArray(list) ? list : [];
  if (name === "element") {
    const [, inner = ""] = /^\$\{split\((.*)\)\}$/s.exec(`${values[0]}`) ?? [];
    const [separator, arn] = hclToJson(`[${inner}]`) as readonly unknown[];
    return separator === ":" ? segmentOf(text(arn), Number(values[1])) : undefined;
  }
  if (name === "replace" && values.length === 3 && text(values[1]) === text(values[2]))
    return text(values[0]);
  return undefined;
}

function attributeText(block: Resource, attribute: string): string {
  if (block.mode === "data") return dataText(block, attribute);
  if (block.type === "aws_lambda_alias") return aliasText(block, attribute);
  if (block.type === "aws_cloudwatch_event_rule" && attribute === "arn") return ruleArn(block);
  if (block.type === "aws_api_gateway_rest_api") return restApiText(block, attribute);
  if (block.type === "aws_api_gateway_stage") return stageText(block, attribute);
  const format = arnFormats[block.type];
  if (!format) return unknown(`${block.address}.${attribute}`);
  const arn = () => ownArn(block, format);
  switch (attribute) {
    case "arn":
      return arn();
    case "id":
      if (format.id === "url") return queueUrl(block);
      return format.id === "arn" ? arn() : nameOf(block, format);
    case "url":
      return queueUrl(block);
    case "stream_arn":
      return `${arn()}/stream/${computed(block, ".stream_label")}`;
    case "version":
      return versionOf(block);
    case "qualified_arn":
      return `${arn()}:${versionOf(block)}`;
    case "invoke_arn":
      return invokeArn(block, arn());
    case "qualified_invoke_arn":
      return invokeArn(block, `${arn()}:${versionOf(block)}`);
    default:
      return attribute === (format.name ?? "name")
        ? nameOf(block, format)
        : unknown(`${block.address}.${attribute}`);
  }
}

function dataText(block: Resource, attribute: string): string {
  const region = regionOf(block);
  if (block.type === "aws_region" && ["id", "name", "region"].includes(attribute)) {
    return block.has("name") || block.has("region")
      ? symbolicText(block.stack, block.raw("region") ?? block.raw("name"))
      : region;
  }
  if (block.type === "aws_caller_identity" && ["account_id", "id"].includes(attribute)) {
    return accountOf(block.stack);
  }
  if (block.type === "aws_partition" && ["partition", "id"].includes(attribute))
    return partitionOf(block.stack, region);
  if (block.type === "aws_partition" && attribute === "dns_suffix") {
    const partition = partitionOf(block.stack, region);
    return partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  }
  return unknown(`${block.address}.${attribute}`);
}

function ownArn(block: Resource, { service, resource, place }: ArnFormat): string {
  const region = regionOf(block);
  const last = resource.replace("{}", () => pathOf(block) + nameOf(block, arnFormats[block.type]));
  const where = [place ? "" : region, place === "nowhere" ? "" : accountOf(block.stack)];
  return ["arn", partitionOf(block.stack, region), service, ...where, last].join(":");
}

/** What comes before the name: a role's path, or the bus of an event rule. */
function pathOf(block: Resource): string {
  if (block.type.startsWith("aws_iam_") && block.has("path"))
    return symbolicText(block.stack, block.raw("path")).replace(/^\//, "");
  return "";
}

/** The ARN of an event rule, which contains the name of its bus unless that is the default one. */
export function ruleArn(rule: Resource): string {
  const region = regionOf(rule);
  const bus = rule.has("event_bus_name") ? symbolicText(rule.stack, rule.raw("event_bus_name")) : "default";
  // A bus of another account is given by its ARN.
  const busName = bus.includes("/") ? bus.slice(bus.lastIndexOf("/") + 1) : bus;
  const path = busName === "default" ? "" : `${busName}/`;
  const name = nameOf(rule, undefined);
  return [
    "arn",
    partitionOf(rule.stack, region),
    "events",
    region,
    accountOf(rule.stack),
    `rule/${path}${name}`,
  ].join(":");
}

function nameOf(block: Resource, format: ArnFormat | undefined): string {
  const attribute = format?.name ?? "name";
  const prefix = attribute === "bucket" ? "bucket_prefix" : "name_prefix";
  if (block.has(attribute)) return symbolicText(block.stack, block.raw(attribute));
  if (block.has(prefix)) return symbolicText(block.stack, block.raw(prefix)) + computed(block);
  return computed(block);
}

function queueUrl(queue: Resource): string {
  const [region, name] = [regionOf(queue), nameOf(queue, undefined)];
  return `https://sqs.${region}.amazonaws.com/${accountOf(queue.stack)}/${name}`;
}

function versionOf(lambda: Resource): string {
  if (lambda.isUnknown("publish")) return unknown(`${lambda.address}.version`);
  return lambda.isTrue("publish") ? computed(lambda, ".version") : "$LATEST";
}

function invokeArn(block: Resource, arn: string): string {
  const region = regionOf(block);
  const path = `lambda:path/2015-03-31/functions/${arn}/invocations`;
  return ["arn", partitionOf(block.stack, region), "apigateway", region, path].join(":");
}

function aliasText(alias: Resource, attribute: string): string {
  const name = symbolicText(alias.stack, alias.raw("name"));
  const arn = () => `${functionArn(alias, alias.raw("function_name"))}:${name}`;
  if (attribute === "arn" || attribute === "id") return arn();
  if (attribute === "invoke_arn") return invokeArn(alias, arn());
  return attribute === "name" ? name : unknown(`${alias.address}.${attribute}`);
}

/** The ARN of a function that a resource names by its name or by an ARN, without a version or an alias. */
export function functionArn(from: Resource, named: unknown): string {
  const lambda = from.stack.follow(named, "aws_lambda_function");
  if (lambda) return arnOf(lambda);
  const text = symbolicText(from.stack, named);
  if (text.startsWith("arn:")) return [0, 1, 2, 3, 4, 5, 6].map((at) => segmentOf(text, at)).join(":");
  const region = regionOf(from);
  return [
    "arn",
    partitionOf(from.stack, region),
    "lambda",
    region,
    accountOf(from.stack),
    "function",
    text,
  ].join(":");
}

function restApiText(api: Resource, attribute: string): string {
  const [region, id] = [regionOf(api), computed(api)];
  if (attribute === "id") return id;
  const arn = ["arn", partitionOf(api.stack, region)];
  if (attribute === "arn") return [...arn, "apigateway", region, "", `/restapis/${id}`].join(":");
  if (attribute !== "execution_arn") return unknown(`${api.address}.${attribute}`);
  return [...arn, "execute-api", region, accountOf(api.stack), id].join(":");
}

function stageText(stage: Resource, attribute: string): string {
  const api = stage.follow("rest_api_id", "aws_api_gateway_rest_api");
  const name = symbolicText(stage.stack, stage.raw("stage_name"));
  return api && attribute === "execution_arn"
    ? `${restApiText(api, attribute)}/${name}`
    : unknown(`${stage.address}.${attribute}`);
}
