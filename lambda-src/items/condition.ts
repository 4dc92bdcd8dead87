import { attributes } from "./item-row";

/**
 * What must be true of an item for a write to happen: it is absent, present, or present with this version.
 */
export type Condition = "absent" | "present" | { readonly etag: string };

/** The condition as the part of a PutItem or DeleteItem request that checks it. */
export const conditionExpression = (condition: Condition) => {
  if (condition === "absent") return { ConditionExpression: "attribute_not_exists(id)" };
  if (condition === "present") return { ConditionExpression: "attribute_exists(id)" };
  return {
    ConditionExpression: "etag = :etag",
    ExpressionAttributeValues: attributes({ ":etag": condition.etag }),
  };
};
