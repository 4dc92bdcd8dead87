import { asList, asRecord } from "./rules/values";
import type { ConfiguredModule, ResourceChange, TerraformPlan } from "./terraform-plan";

/**
 * Whether the configuration sets an attribute. If not, and its value is known only after apply, AWS decides it as it did
 * before. Yes if the plan does not contain the resource's configuration.
 * @param pattern the attribute's path in the provider's schema
 */
export function isConfigured(plan: TerraformPlan, { address }: ResourceChange, pattern: string): boolean {
  const names = address.replace(/\[(?:"(?:\\.|[^"])*"|\d+)\]/g, "").split(".");
  let module: ConfiguredModule | undefined = plan.configuration?.root_module;
  while (names[0] === "module") {
    const [, name = ""] = names.splice(0, 2);
    module = module?.module_calls?.[name]?.module;
  }
  const resource = module?.resources?.find((candidate) => candidate.address === names.join("."));
  return !resource || isSet(resource.expressions, pattern.split("."));
}

function isSet(expressions: unknown, [first, ...rest]: readonly string[]): boolean {
  return asList(expressions).some((block) => {
    if (first === undefined) return Object.keys(asRecord(block) ?? { block }).length > 0;
    const inner = asRecord(block)?.[first];
    if (inner === undefined) return false;
    // A block whose content is one expression, with for_each in HCL's dynamic block, or an attribute.
    return "references" in (asRecord(inner) ?? {}) || isSet(inner, rest);
  });
}
