import type { ItemKey } from "../items/item";
import type { ApiEvent } from "./api-event";

/**
 * An item's URL, relative to the URL that the client called. Only the client knows what that URL begins with: a stage, a
 * custom domain's base path, or the path of a proxy in front of it.
 */
export const itemPath = ({ requestContext, resource }: ApiEvent, { id, timestamp }: ItemKey): string => {
  const segmentsBelowItems = resource.split("/").length - 2;
  const levels = segmentsBelowItems + (requestContext.path?.endsWith("/") ? 1 : 0);
  return `${"../".repeat(levels)}items/${encodeURIComponent(id)}/${timestamp}`;
};
