import { Token } from "cdktf";
import type { Construct } from "constructs";
import { InvalidPropsError } from "./invalid-props-error";

export interface NumberRule {
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * Checks all of a construct's props together. Values that only Terraform knows pass.
 * @throws InvalidPropsError with one line per problem: path, prop, rule and value
 */
export function validateProps(construct: Construct, rules: Readonly<Record<string, NumberRule>>): void {
  const problems: string[] = [];
  for (const [prop, { value, minimum, maximum }] of Object.entries(rules)) {
    if (Token.isUnresolved(value)) continue;
    const whole = Number.isInteger(value);
    if (whole && value >= minimum && value <= maximum) continue;
    const range = `${whole ? "" : "a whole number "}between ${minimum} and ${maximum}`;
    problems.push(`${construct.node.path}: ${prop} must be ${range}, got ${value}`);
  }
  if (problems.length > 0) throw new InvalidPropsError(problems);
}
