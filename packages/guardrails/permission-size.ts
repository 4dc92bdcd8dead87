import type { Resource } from "./stack-view";

/** Stands for what only Terraform knows, such as an API's execution ARN. */
const typicalArn = "arn:aws:execute-api:ap-southeast-1:111122223333:abcdefghij";

/** About how many characters a permission takes up in its function's resource policy. */
export function permissionSize(permission: Resource): number {
  const text = (attribute: string) =>
    `${permission.value(attribute) ?? ""}`.replace(/\$\{[^}]*\}/g, typicalArn);
  const qualifier = text("qualifier");
  const statement = {
    // Terraform's own, if none is given.
    Sid: text("statement_id") || "terraform-20260101000000000000000001",
    Effect: "Allow",
    Principal: { Service: text("principal") },
    Action: text("action"),
    Resource: `arn:aws:lambda:ap-southeast-1:111122223333:function:${text("function_name")}${qualifier && `:${qualifier}`}`,
    Condition: {
      ...(permission.has("source_account") && {
        StringEquals: { "AWS:SourceAccount": text("source_account") },
      }),
      ...(permission.has("source_arn") && { ArnLike: { "AWS:SourceArn": text("source_arn") } }),
    },
  };
  return JSON.stringify(statement).length + 1;
}
