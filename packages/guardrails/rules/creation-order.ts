import { dependencyPath } from "../dependencies";
import { each, type Rule } from "../rule";

/** Attributes that name the resource that a block belongs to, with its type and the attribute that has its name. */
const parents: readonly (readonly [attribute: string, type: string, name: string])[] = [
  ["bucket", "aws_s3_bucket", "bucket"],
  ["event_bus_name", "aws_cloudwatch_event_bus", "name"],
  ["function_name", "aws_lambda_function", "function_name"],
  ["log_group_name", "aws_cloudwatch_log_group", "name"],
  ["request_models.application/json", "aws_api_gateway_model", "name"],
  ["role", "aws_iam_role", "name"],
  ["rule", "aws_cloudwatch_event_rule", "name"],
  ["s3_bucket", "aws_s3_bucket", "bucket"],
  ["s3_key", "aws_s3_object", "key"],
  ["stage_name", "aws_api_gateway_stage", "stage_name"],
  ["table_name", "aws_dynamodb_table", "name"],
];

export const creationOrderRules: readonly Rule[] = [
  {
    id: "stack-creation-order",
    group: "stack",
    demands:
      "A block that belongs to a resource of the stack refers to it, so that Terraform creates the resource first",
    why: "Terraform sees no connection in a name that is written out. It creates both at the same time, and the first deployment fails.",
    fix: "Refer to the resource's attribute in place of its name, or list the resource in depends_on.",
    mirrors: [],
    check: (input) =>
      parents.flatMap(([attribute, type, name]) => {
        const named = new Map(input.stack.all(type).map((parent) => [parent.text(name), parent]));
        if (named.size === 0) return [];
        const types = [...new Set(input.stack.blocks.map((block) => block.type))].filter(
          (one) => one !== type,
        );
        return each(types, (block) => {
          const written = block.raw(attribute);
          if (typeof written !== "string" || written === "" || written.includes("${")) return undefined;
          const parent = named.get(written);
          return (
            parent && !dependencyPath(block, parent) && `${attribute} is the name of ${parent.path}, as text`
          );
        })(input);
      }),
  },
];
