import { actionCovers, resourceCovers } from "../../../iam/coverage";
import type { Selection, Statement } from "../../../iam/policy";
import { hasUnknown } from "../../../iam/unknown";
import { segmentOf } from "../../access/symbolic-text";
import { actionsOf } from "../../iam-actions";
import { resourceTypesOf } from "../../iam-resources";

const isPattern = (text: string): boolean => /[*?]/.test(text);

/** Services all of whose actions a statement's patterns cover together: `*`, or for example `dynamodb`. */
export function coveredServices({ values, inverted }: Selection): readonly string[] {
  const patterns = inverted ? [] : values.filter((value) => isPattern(value) && !hasUnknown(value));
  if (patterns.some((pattern) => /^[*?]*\*[*?]*$/.test(pattern) && !pattern.includes(":"))) return ["*"];
  const named = [...new Set(patterns.map((pattern) => `${pattern.split(":")[0]}`.toLowerCase()))];
  return named.filter((service) => {
    const actions = [...(actionsOf(service)?.values() ?? [])];
    if (actions.length === 0) return isPattern(service);
    return actions.every(({ name }) =>
      patterns.some((pattern) => actionCovers(pattern, `${service}:${name}`) === true),
    );
  });
}

/** The patterns of a statement that are about a service, as written. */
export function patternsOf({ values }: Selection, service: string): readonly string[] {
  return service === "*"
    ? values.filter((value) => /^[*?]+(?::.*)?$/.test(value))
    : values.filter((value) => value.toLowerCase().startsWith(`${service}:`) && isPattern(value));
}

export interface WideResource {
  readonly resource: string;
  readonly actions: readonly string[];
}

/** Resources of a statement that cover every resource that some of its actions support. */
export function wideResources({ actions, resources }: Statement): readonly WideResource[] {
  if (actions.inverted || !resources || resources.inverted) return [];
  return resources.values.filter(isPattern).flatMap((resource) => {
    const wide = actions.values.filter((action) => coversAll(resource, action));
    return wide.length > 0 ? [{ resource, actions: wide }] : [];
  });
}

const covering = new Map<string, boolean>();
const mostCached = 10_000;

/** Whether a pattern covers all resources of a type that an action supports. A pattern of actions supports what any of them does. */
function coversAll(pattern: string, action: string): boolean {
  const key = `${pattern} ${action}`;
  const covered = covering.get(key) ?? findsAll(pattern, action);
  if (covering.size >= mostCached) covering.clear();
  covering.set(key, covered);
  return covered;
}

function findsAll(pattern: string, action: string): boolean {
  const everything = /^[*?]*\*[*?]*$/.test(pattern);
  if (/^[*?]+$/.test(action)) return everything || isAnyArn(pattern);
  const [service = ""] = action.split(":");
  if (onAnyNetwork.has(action.toLowerCase())) return false;
  const types = requiredTypes(action);
  if (types.length === 0) return false;
  const formats = resourceTypesOf(service);
  return (
    everything ||
    types.some((type) => {
      const format = formats[type]?.arn;
      return format !== undefined && resourceCovers(pattern, everyResource(format, pattern)) === true;
    })
  );
}

/** Types that an action is about. Of a pattern, those of its actions, unless most of them are about no resource. */
function requiredTypes(action: string): readonly string[] {
  const [service = "", name = ""] = action.split(":");
  const known = actionsOf(service);
  const matched = isPattern(name)
    ? [...(known?.values() ?? [])].filter((one) => actionCovers(action, `${service}:${one.name}`))
    : [known?.get(name.toLowerCase())].filter((one) => one !== undefined);
  const about = matched
    .map(({ resourceTypes }) => typesOf(resourceTypes))
    .filter((types) => types.length > 0);
  return about.length * 2 >= matched.length ? [...new Set(about.flat())] : [];
}

/** An action can be about one of several types, of which none is required. A single one that is not required can be left out. */
function typesOf(types: readonly { readonly name: string; readonly required: boolean }[]): readonly string[] {
  const required = types.filter((type) => type.required);
  return (required.length > 0 || types.length === 1 ? required : types).map(({ name }) => name);
}

/**
 * What Lambda does to connect a function to a network. AWS's own policy for it allows that on every resource, because the
 * interfaces are not known before: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
const onAnyNetwork = new Set([
  "ec2:assignprivateipaddresses",
  "ec2:createnetworkinterface",
  "ec2:deletenetworkinterface",
  "ec2:unassignprivateipaddresses",
]);

/** All resources of a format, in the place that a pattern names: `arn:aws:sqs:eu-west-1:123456789012:*`. */
function everyResource(format: string, pattern: string): string {
  const all = format.replace(/\$\{[^}]*\}/g, "*").split(":");
  const place = all.slice(0, 5).map((segment, index) => {
    const own = segmentOf(pattern, index);
    return segment === "*" && own !== undefined && own !== "" && !isPattern(own) ? own : segment;
  });
  return [...place, ...all.slice(5)].join(":");
}

const isAnyArn = (pattern: string): boolean => resourceCovers(pattern, "arn:aws:*:*:*:*") === true;
