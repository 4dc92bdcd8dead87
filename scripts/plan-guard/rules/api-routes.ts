import {
  type AttributeChange,
  access,
  loss,
  noLoss,
  type ResourceValues,
  type Values,
  type Verdict,
} from "./attribute-rule";

/** The path of an API Gateway resource, for example `/items/{id}`. */
export function pathOf(id: unknown, all: ResourceValues["all"]): string {
  const found = all("aws_api_gateway_resource").find((resource) => resource.id === id && id !== undefined);
  if (typeof found?.path === "string") return found.path;
  return found ? `…/${found.path_part}` : "/";
}

/** For example `GET /items/{id}`. */
export function routeOf({ before, after, all }: ResourceValues): string {
  const { http_method: method, resource_id: id }: Values = before?.http_method ? before : (after ?? {});
  return `${method} ${pathOf(id, all)}`;
}

/** Who may call a method, by its `authorization`. */
export function changeOfAuthorization({
  before,
  after,
  unknown,
  resource,
}: AttributeChange): readonly Verdict[] {
  const route = routeOf(resource);
  if (unknown) return [loss(`who may call ${route} is known only after apply`)];
  if (resource.isNew) return after === "NONE" ? [access(`anybody may now call ${route}`)] : [noLoss("more")];
  if (after === "NONE") return [loss(`anybody may call ${route}`)];
  if (before === "NONE") return [loss(`callers of ${route} that send no credentials are refused`)];
  return [loss(`callers of ${route} are refused unless they authenticate in another way`)];
}
