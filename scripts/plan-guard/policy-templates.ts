import { templateParts } from "../../packages/guardrails/expression";
import { policyAttributes } from "../../packages/guardrails/policy";
import { unknown } from "../../packages/iam/unknown";
import { grantsOf } from "./access/policy-document";
import { asRecord } from "./rules/values";
import type { ResourceChange, TerraformPlan } from "./terraform-plan";

/** The parts of a stack's cdk.tf.json that are read. */
export interface SynthesizedTemplates {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly locals?: Readonly<Record<string, unknown>>;
}

/**
 * A plan whose policies are as known as they can be. Terraform calls a whole policy unknown if it names something that the
 * plan creates. Its text is in the stack's templates, so only what it names stays unknown.
 */
export function withPolicyTemplates(plan: TerraformPlan, templates: SynthesizedTemplates): TerraformPlan {
  const read = new TemplateReader(plan, templates);
  return {
    ...plan,
    resource_changes: (plan.resource_changes ?? []).map((change) => withPolicies(change, read)),
  };
}

function withPolicies(resource: ResourceChange, read: TemplateReader): ResourceChange {
  const { address, type, change } = resource;
  let [after, marks] = [change.after, change.after_unknown];
  for (const attribute of policyAttributes[type] ?? []) {
    if (asRecord(marks)?.[attribute] !== true) continue;
    const text = read.attribute(address, attribute);
    if (grantsOf(text) === undefined) continue;
    after = { ...asRecord(after), [attribute]: text };
    marks = { ...asRecord(marks), [attribute]: false };
  }
  return { ...resource, change: { ...change, after, after_unknown: marks } };
}

class TemplateReader {
  private readonly resources: ReadonlyMap<string, ResourceChange>;
  private readonly data: ReadonlyMap<string, unknown>;

  constructor(
    plan: TerraformPlan,
    private readonly templates: SynthesizedTemplates,
  ) {
    this.resources = new Map(plan.resource_changes?.map((change) => [change.address, change]));
    const { root_module: module } = plan.prior_state?.values ?? {};
    this.data = new Map(module?.resources?.map(({ address, values }) => [address, values]));
  }

  /** @returns undefined if the templates have no such text */
  attribute(address: string, name: string): string | undefined {
    const [type = "", id = ""] = address.split(".");
    const template = asRecord(this.templates.resource?.[type]?.[id])?.[name];
    return typeof template === "string" ? this.text(template) : undefined;
  }

  private text(template: string): string {
    return templateParts(template)
      .map((part) => ("literal" in part ? part.literal : this.value(part.expression)))
      .join("");
  }

  private value(expression: string): string {
    const [, local] = /^local\.([\w-]+)$/.exec(expression) ?? [];
    const given = local && this.templates.locals?.[local];
    if (typeof given === "string") return this.text(given);
    const [, address = "", attribute = ""] = /^((?:data\.)?\w+\.[\w-]+)\.(\w+)$/.exec(expression) ?? [];
    const { after, after_unknown: marks } = this.resources.get(address)?.change ?? {};
    const known = asRecord(after ?? this.data.get(address))?.[attribute];
    const isKnown = typeof known === "string" && asRecord(marks)?.[attribute] !== true;
    return isKnown ? known : unknown(expression);
  }
}
