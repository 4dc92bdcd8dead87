import type { Resource } from "./stack-view";

export const restApi = "aws_api_gateway_rest_api";

/** All resources of a type that belong to the same API as a block. */
export function siblings(block: Resource, type: string): readonly Resource[] {
  const own = block.type === restApi ? block : block.follow("rest_api_id", restApi);
  return own ? block.stack.pointingAt(own, type, "rest_api_id") : [];
}

/** The resource's address and the HTTP method, which link a method to its integration. */
export function place(block: Resource): string {
  const resource = block.follow("resource_id", "aws_api_gateway_resource");
  return `${resource?.address ?? block.value("resource_id")} ${block.value("http_method")}`;
}
