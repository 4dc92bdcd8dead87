import {
  type AttributeChange,
  type AttributeRule,
  access,
  loss,
  noLoss,
  type ResourceValues,
  type Values,
  type Verdict,
} from "./attribute-rule";
import { asRecord, equal } from "./values";
import { removes } from "./vocabulary";

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

/** A parameter that callers must send may go, but not come. */
export function changeOfParameters({
  before,
  after,
  unknown,
  resource,
}: AttributeChange): readonly Verdict[] {
  const [from, to] = [asRecord(before) ?? {}, asRecord(after) ?? {}];
  const added = Object.keys(to).filter((name) => !equal(to[name], from[name]) && `${to[name]}` !== "false");
  const lost = `callers of ${routeOf(resource)} that do not send`;
  if (unknown)
    return [loss(`which parameters must be sent is known only after apply, so perhaps ${lost} one get 400`)];
  return [added.length > 0 ? loss(`${lost} ${added.join(", ")} get 400`) : noLoss("more")];
}

/** A variable may get another name without another path for callers, but not for the function. */
export function changeOfPathPart({ before, after, unknown }: AttributeChange): readonly Verdict[] {
  const isVariable = (part: unknown) => /^\{[^+]+\}$/.test(`${part}`);
  if (unknown || !isVariable(before) || !isVariable(after)) return [{ kind: "end" }];
  return [loss(`the function gets ${after} instead of ${before}, which it reads today`)];
}

const allowedOrigin = /\.header\.access-control-allow-origin$/i;

/** Headers of a response: those of today must stay, and who may read it in a browser is told. */
export const changeOfHeaders =
  (lost: string): AttributeRule =>
  (change) => {
    const [from, to] = [asRecord(change.before) ?? {}, asRecord(change.after) ?? {}];
    const origins = Object.entries(to)
      .filter(([name, value]) => allowedOrigin.test(name) && !equal(value, from[name]))
      .map(([, value]) => `${value}`.replaceAll("'", ""));
    if (change.unknown || origins.length === 0) return removes(lost)(change);
    return [
      ...removes(lost)(change).filter(({ kind }) => kind === "loss"),
      ...origins.map(
        (origin): Verdict =>
          origin === "*" && !change.resource.isNew
            ? loss("pages of every origin may read the response in a browser")
            : access(`pages of ${origin} may now read the response in a browser`),
      ),
    ];
  };

/** A deployment that the plan creates has no id yet. One with an id was made before. */
export function changeOfDeployment({ unknown }: AttributeChange): readonly Verdict[] {
  return [unknown ? noLoss("code") : loss("callers get a deployment that was made earlier, with its routes")];
}
