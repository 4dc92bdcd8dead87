import { regionOf } from "../access/place";
import { functionArn, segmentOf, symbolicText } from "../access/symbolic-text";
import type { Finding, Rule } from "../rule";
import type { Resource, StackView } from "../stack-view";
import { parentTypes, type Single, singles } from "./single-resources";

/** Two resources that set the same thing. */
interface Conflict {
  readonly first: Resource;
  readonly second: Resource;
  readonly parent: Resource | undefined;
  /** The attribute of the parent, if that is the first. */
  readonly inline?: string;
}

const isOfBucket = ({ type }: Single): boolean => type.startsWith("aws_s3_bucket_");

export const onePerParentRules: readonly Rule[] = [
  {
    id: "s3-one-configuration",
    group: "s3",
    demands:
      "A bucket has at most one resource per kind of configuration: one policy, one notification, one lifecycle, one versioning",
    why: "Otherwise, in every apply, the last one overwrites the others.",
    fix: "Merge the resources into one.",
    mirrors: [],
    check: ({ stack }) =>
      conflictsOf(stack, singles.filter(isOfBucket)).map(({ first, second, parent, inline }) => ({
        resource: parent ?? second,
        found:
          inline === undefined
            ? `it has ${first.path} and ${second.path}`
            : `it has ${inline} and ${second.path}`,
      })),
  },
  {
    id: "stack-one-per-parent",
    group: "stack",
    demands:
      "What AWS keeps only one of is set once: a queue's or topic's policy, a function's event-invoke configuration per qualifier, method settings per path, a permission per statement id, …",
    why: "AWS rejects the second at apply, or each apply overwrites one with the other.",
    fix: "Merge the two into one resource. Do not combine an attribute of the parent with a separate resource.",
    mirrors: [],
    check: ({ stack }) =>
      conflictsOf(
        stack,
        singles.filter((one) => !isOfBucket(one)),
      ).map(
        ({ first, second, inline }): Finding => ({
          resource: second,
          found:
            inline === undefined
              ? `${first.path} sets the same`
              : `${first.path} sets the same with its own ${inline}`,
        }),
      ),
  },
];

function conflictsOf(stack: StackView, kinds: readonly Single[]): readonly Conflict[] {
  return kinds.flatMap((single) => {
    const seen = new Map<string, Resource>();
    return stack.all(single.type).flatMap((second): readonly Conflict[] => {
      const parent = parentOf(second, single);
      const inline = inlineConflict(second, parent, single);
      const key = keyOf(second, single);
      const first = key === undefined ? undefined : seen.get(key);
      if (key !== undefined) seen.set(key, first ?? second);
      return [...(first ? [{ first, second, parent }] : []), ...inline];
    });
  });
}

function inlineConflict(
  second: Resource,
  parent: Resource | undefined,
  { inline }: Single,
): readonly Conflict[] {
  return parent && inline !== undefined && parent.has(inline) && !isOptional(second)
    ? [{ first: parent, second, parent, inline }]
    : [];
}

function parentOf(resource: Resource, { key }: Single): Resource | undefined {
  const [attribute = ""] = key[0]?.split("=") ?? [];
  const types = attribute === "function_name" ? ["aws_lambda_function"] : (parentTypes[attribute] ?? []);
  return resource.follow(attribute, ...types);
}

/** Undefined if only Terraform knows it, or it does not matter. */
function keyOf(resource: Resource, { key, ifComplete }: Single): string | undefined {
  if (isOptional(resource)) return undefined;
  const parts = key.map((entry) => partOf(resource, entry));
  if (parts.includes(undefined) && (ifComplete || key.length === 0)) return undefined;
  const text = [regionOf(resource), ...parts].join("\n");
  return /\b(?:each|count)\.\w/.test(text) ? undefined : text;
}

function partOf(resource: Resource, entry: string): string | undefined {
  const [attribute = "", byDefault] = entry.split("=");
  const { stack } = resource;
  const raw = resource.raw(attribute);
  if (attribute === "function_name") return calledFunction(resource, entry);
  if (attribute === "qualifier" && raw === undefined) return qualifierOf(resource) ?? byDefault;
  if (raw === undefined) return byDefault;
  const parent = stack.follow(raw, ...(parentTypes[attribute] ?? []));
  return parent ? `${parent.address} ${instancesIn(raw)}` : textOf(stack, raw);
}

const textOf = (stack: StackView, raw: unknown): string =>
  typeof raw === "string" ? symbolicText(stack, raw) : JSON.stringify(stack.evaluate(raw));

/** A mapping reads for a function or an alias: another one is another mapping. */
function calledFunction(resource: Resource, entry: string): string {
  const raw = resource.raw(entry);
  const arn = functionArn(resource, raw);
  const qualifier = qualifierOf(resource);
  const own = resource.type === "aws_lambda_event_source_mapping" && qualifier ? `:${qualifier}` : "";
  return `${arn}${own} ${instancesIn(raw)}`;
}

/** The qualifier in `function_name`, if that is the ARN of a version or an alias. */
function qualifierOf(resource: Resource): string | undefined {
  const raw = resource.raw("function_name");
  const alias = resource.stack.follow(raw, "aws_lambda_alias");
  const text = symbolicText(resource.stack, raw);
  return alias?.text("name") ?? segmentOf(text, text.startsWith("arn:") ? 7 : 1);
}

/** `["a"]` in a reference to one instance of a resource. */
function instancesIn(raw: unknown): string {
  return `${raw}`.match(/\[[^\]]*\]/g)?.join("") ?? "";
}

/** With a `count` or a `for_each` that depends on a condition, the resource can be the alternative to another one. */
function isOptional(resource: Resource): boolean {
  const [count, forEach] = [resource.raw("count"), resource.raw("for_each")];
  const depends = typeof forEach === "string" && /[?]|\b(?:var|local|data|module)\./.test(forEach);
  return depends || (count !== undefined && `${resource.value("count")}` !== "1");
}
