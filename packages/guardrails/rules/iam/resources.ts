import { arnPattern } from "../../../iam/pattern";
import { matches } from "../../../iam/pattern-sets";
import { hasUnknown, symbolsOf, unknown } from "../../../iam/unknown";
import { arnOf, shownText } from "../../access/symbolic-text";
import { actionsOf } from "../../iam-actions";
import { resourceTypesOf } from "../../iam-resources";
import type { Rule } from "../../rule";
import { asRecord, type Resource } from "../../stack-view";
import { eachStatement } from "./statements";

/** Parts of ARNs that contain no slash, so that what follows one is another part. */
const noSlash =
  /^(Partition|Region|Account|TableName|BucketName|StreamName|TopicName|QueueName|EventBusName|FunctionName)$/;

export const resourceRules: readonly Rule[] = [
  {
    id: "iam-s3-resource-level",
    group: "iam",
    demands: "Object actions have an object ARN (…/*), and bucket actions have the bucket's ARN",
    why: "Otherwise the statement matches nothing, and the call is denied at run time.",
    fix: "Use <bucket ARN>/* for GetObject and PutObject, and the bucket ARN for ListBucket.",
    mirrors: [],
    check: eachStatement(({ statement }) => {
      const named = statement.resources.filter((text) => text !== "*");
      if (statement.effect !== "Allow" || named.length === 0) return undefined;
      const wrong = statement.actions.filter((action) => {
        const type = s3Level(action);
        return type && !named.some((text) => (type === "object" ? objectLevel(text) : !objectLevel(text)));
      });
      return wrong.length > 0 && `${wrong.join(", ")} has Resource ${named.join(", ")}`;
    }),
  },
  {
    id: "iam-resource-type",
    group: "iam",
    demands:
      "An action has a Resource of a type that it supports: a log stream for PutLogEvents, a stream for GetRecords, a table and not its index for GetItem",
    why: "Otherwise the statement matches nothing, and the call is denied at run time.",
    fix: "Use the ARN of that type: <log group ARN>:*, the table's streamArn, or the table's arn.",
    mirrors: [],
    check: eachStatement(({ isIdentity, read }) => {
      const { values = [], inverted = true } = read?.resources ?? {};
      if (!isIdentity || read?.effect !== "Allow" || inverted || read.actions.inverted) return undefined;
      const wrong = read.actions.values.filter((action) => {
        const types = /^s3:/i.test(action) ? [] : arnsOf(action);
        return types.length > 0 && values.every((value) => types.every((type) => !canBe(value, type)));
      });
      return wrong.length > 0 && `${wrong.join(", ")} has Resource ${values.map(shownText).join(", ")}`;
    }),
  },
  {
    id: "iam-index-exists",
    group: "iam",
    demands: "A policy that names an index of a table of the stack names one that the table has",
    why: "The statement matches nothing, and the query is denied at run time.",
    fix: "Correct the name, or remove the Resource.",
    mirrors: [],
    check: eachStatement(({ resource, read }) => {
      const tables = resource.stack.all("aws_dynamodb_table");
      const wrong = (read?.resources?.values ?? []).filter((value) =>
        tables.some((table) => lacksIndex(table, value)),
      );
      return (
        wrong.length > 0 && `Resource is ${wrong.map(shownText).join(", ")}, but the table has no such index`
      );
    }),
  },
];

function s3Level(action: string): "bucket" | "object" | undefined {
  if (!/^s3:\w+$/i.test(action)) return undefined;
  const types =
    actionsOf("s3")
      ?.get(action.slice(3).toLowerCase())
      ?.resourceTypes.map(({ name }) => name) ?? [];
  if (types.includes("object") && !types.includes("bucket")) return "object";
  return types.includes("bucket") && !types.includes("object") ? "bucket" : undefined;
}

/** Whether an ARN names objects: it has a slash after the bucket, whatever the bucket's name. */
function objectLevel(arn: string): boolean {
  return /[/*]/.test(arn.replace(/\$\{[^}]*\}/g, "x").replace(/^arn:[^:]*:s3:::/, ""));
}

/** The formats of the ARNs that an action supports. Empty for a pattern, and for an action that supports only `*`. */
function arnsOf(action: string): readonly string[] {
  const [service = "", name = ""] = action.split(":");
  const types = /[*?]/.test(action) ? [] : (actionsOf(service)?.get(name.toLowerCase())?.resourceTypes ?? []);
  const formats = types.map((type) => resourceTypesOf(service)[type.name]?.arn);
  return formats.every((format) => format !== undefined) ? formats : [];
}

/** Whether a Resource can name a resource of a type. */
function canBe(value: string, format: string): boolean {
  if (!value.startsWith("arn:") || value.includes("${") || /[*?]/.test(format)) return true;
  if (!/[*?]/.test(value) && !hasUnknown(value)) return formatExpression(format).test(value);
  // No part of the format can take up the slashes that the value has more of.
  const isFlat = [...format.matchAll(/\$\{(\w+)\}/g)].every(([, name = ""]) => noSlash.test(name));
  if (isFlat && slashesIn(value) > slashesIn(format)) return false;
  const anything = format.replace(/\$\{([^}]*)\}/g, (_, name: string) => unknown(`part ${name}`));
  return matches(arnPattern(value, "resource"), symbolsOf(anything)) !== false;
}

const slashesIn = (arn: string): number => arn.split("/").length;

const expressions = new Map<string, RegExp>();

function formatExpression(format: string): RegExp {
  const known = expressions.get(format);
  if (known) return known;
  const source = format
    .split(/(\$\{[^}]*\})/)
    .map((part) => {
      const [, name] = /^\$\{(.*)\}$/.exec(part) ?? [];
      if (name === undefined) return part.replace(/[.+^$()|[\]\\?*]/g, "\\$&");
      if (/^(Partition|Region|Account)$/.test(name)) return "[^:]*";
      return noSlash.test(name) ? "[^/]+" : ".+";
    })
    .join("");
  const expression = new RegExp(`^${source}$`, "s");
  expressions.set(format, expression);
  return expression;
}

/** Whether a value names an index of this table that it does not have. */
function lacksIndex(table: Resource, value: string): boolean {
  const prefix = `${arnOf(table)}/index/`;
  if (!value.startsWith(prefix) || asRecord(table.raw("dynamic"))) return false;
  const blocks = [...table.blocks("global_secondary_index"), ...table.blocks("local_secondary_index")];
  const names = blocks.map(({ name }) => `${name}`);
  if (names.some((name) => name.includes("${"))) return false;
  const pattern = arnPattern(value, "resource");
  return names.every((name) => matches(pattern, symbolsOf(prefix + name)) === false);
}
