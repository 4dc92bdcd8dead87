import { asRecords, type Resource } from "./stack-view";

/** The Region that a resource's provider is configured for; undefined if only Terraform knows. */
export function regionOf(resource: Resource): string | undefined {
  const own = resource.text("region");
  if (own) return own;
  const { stack } = resource;
  const [, alias] = /^\$?\{?aws\.([\w-]+)\}?$/.exec(`${resource.raw("provider") ?? ""}`) ?? [];
  const providers = asRecords(stack.evaluate(stack.json.provider?.aws));
  const provider = providers.find((one) => one.alias === alias);
  const region = provider?.region;
  return typeof region === "string" && !region.includes("${") ? region : undefined;
}

/** The Region in an ARN; undefined if it has none, or if only Terraform knows. */
export function regionInArn(arn: string | undefined): string | undefined {
  const region = arn?.startsWith("arn:") ? arn.split(":")[3] : undefined;
  return region && !region.includes("$") ? region : undefined;
}
