import { attributes } from "./item-row";

/**
 * What must be true of an item for a write to happen: it is absent, present, or present with this version. "free" means
 * that it is absent, and that no other request is writing it at the moment.
 */
export type Condition = NewItemCondition | "present" | { readonly etag: string };

export type NewItemCondition = "absent" | "free";

/** A write that the table refused, because its condition was not met. */
export interface Refused {
  /** Whether the item exists. */
  readonly exists: boolean;
  /** Whether an attempt of the same call may have been carried out: see watchAttempts in table-call.ts. */
  readonly inDoubt: boolean;
}

/** The condition as the part of a PutItem or DeleteItem request that checks it. */
export const conditionExpression = (condition: Condition) => {
  if (condition === "absent" || condition === "free")
    return { ConditionExpression: "attribute_not_exists(id)" };
  if (condition === "present") return { ConditionExpression: "attribute_exists(id)" };
  return {
    ConditionExpression: "etag = :etag",
    ExpressionAttributeValues: attributes({ ":etag": condition.etag }),
  };
};
