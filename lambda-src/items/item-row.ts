import type { AttributeValue as DynamoDBAttributeValue } from "@aws-sdk/client-dynamodb";
import { randomText } from "../runtime/random-text";
import { type AttributeValue, fromAttributes, toAttributes } from "./attribute-value";
import type { Item, ItemKey } from "./item";

/** An item with its version. Rows that this service did not write have no version. */
export interface StoredItem {
  readonly item: Item;
  readonly etag: string | undefined;
}

/**
 * 128 random bits for each write, so that two versions of an item always differ, even if their content is the
 * same.
 */
export const newEtag = (): string => randomText(16, "base64url");

export const attributes = (object: object) =>
  toAttributes(object) as unknown as Record<string, DynamoDBAttributeValue>;

export const rowKey = ({ id, timestamp }: ItemKey) => attributes({ id, timestamp });

export const itemRow = (item: Item, etag: string) => attributes({ ...item, etag });

export const storedItem = (row: AttributeValue): StoredItem => {
  const { id, timestamp, data = {}, etag } = fromAttributes(row);
  return { item: { id, timestamp, data } as Item, etag: etag as string | undefined };
};
