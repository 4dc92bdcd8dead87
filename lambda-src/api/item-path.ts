import type { ItemKey } from "../items/item";
import type { ApiEvent } from "./api-event";

/** An item's path, including the stage or base path that the client called: everything before `/items`. */
export const itemPath = ({ requestContext, resource }: ApiEvent, { id, timestamp }: ItemKey): string => {
  const [base = ""] = (requestContext.path ?? resource).split(/\/items(?:\/|$)/, 1);
  return `${base}/items/${encodeURIComponent(id)}/${timestamp}`;
};
