import { templateParts } from "../../../packages/guardrails/expression";
import type { Values } from "../../../scripts/plan-guard/rules/attribute-rule";
import type { ResourceChange } from "../../../scripts/plan-guard/terraform-plan";
import type { Block, Json } from "../../support/block";
import type { SynthesizedStack } from "../../support/synthesized-stack";
import type { ReducedSchema } from "./reduced-schema";

const account = "123456789012";

/** A stack's resources as a plan shows them when they are deployed and nothing changes. */
export function deployedStack(stack: SynthesizedStack, schema: ReducedSchema): readonly ResourceChange[] {
  const blocks = stack.blocks.filter(({ mode }) => mode === "resource");
  const known = new Map(blocks.map((block) => [block.address, block]));
  const text = (written: string): string =>
    templateParts(written)
      .map((part) => ("literal" in part ? part.literal : expression(part.expression)))
      .join("");
  const expression = (written: string): string => {
    const [, address = "", attribute = ""] = /((?:data\.)?\w+\.[\w-]+)\.(\w+)/.exec(written) ?? [];
    const local = /^local\..*?_?(account-id|region|partition)/.exec(written)?.[1];
    if (local) return { "account-id": account, region: "eu-west-1", partition: "aws" }[local] ?? local;
    const set = known.get(address)?.attributes[attribute];
    return typeof set === "string" ? text(set) : computed(address, attribute);
  };
  const resolved = (value: Json): unknown => {
    if (typeof value === "string") return text(value);
    if (Array.isArray(value)) return value.map(resolved);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolved(inner)]));
  };
  return blocks.map((block) => {
    const values = valuesOf(block, schema[block.type] ?? {}, resolved);
    return {
      address: block.address,
      mode: "managed",
      type: block.type,
      change: { actions: ["no-op"], before: values, after: values, after_unknown: {} },
    };
  });
}

function computed(address: string, attribute: string): string {
  const service = address.split("_")[1] ?? "";
  const name = address.split(".").at(-1) ?? "";
  if (attribute.endsWith("arn")) return `arn:aws:${service}:eu-west-1:${account}:${name}/${attribute}`;
  return `${name}-${attribute}`;
}

/** In a plan, every attribute has a value or is null, and every block is in a list. */
function valuesOf(
  block: Block,
  paths: Readonly<Record<string, string>>,
  resolved: (value: Json) => unknown,
): Values {
  const shaped = (value: unknown, prefix: string): Values =>
    Object.fromEntries(
      Object.keys(paths)
        .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes("."))
        .map((path) => {
          const inner = (value as Values | undefined)?.[path.slice(prefix.length)];
          const name = path.slice(prefix.length);
          if (paths[path] !== "block") return [name, inner ?? null];
          const list = Array.isArray(inner) ? inner : inner === undefined ? [] : [inner];
          const hasPaths = Object.keys(paths).some((other) => other.startsWith(`${path}.`));
          return [name, hasPaths ? list.map((each) => shaped(each, `${path}.`)) : list];
        }),
    );
  const written = resolved(block.attributes) as Values;
  return { ...computedValues(block.address), ...withoutNull(shaped(written, "")) };
}

/** What AWS gives every resource. */
function computedValues(address: string): Values {
  return Object.fromEntries(["id", "arn", "key_id", "url"].map((name) => [name, computed(address, name)]));
}

function withoutNull(values: Values): Values {
  const given = Object.entries(values).filter(
    ([name, value]) => value !== null || !(name in computedValues("a.b")),
  );
  return Object.fromEntries(given);
}
