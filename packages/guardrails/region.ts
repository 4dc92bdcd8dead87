import { asRecords } from "./json-values";

/** What a Region depends on. */
interface Placed {
  readonly stack: {
    readonly json: { readonly provider?: Readonly<Record<string, unknown>> };
    evaluate(value: unknown): unknown;
  };
  text(attribute: string): string | undefined;
  raw(attribute: string): unknown;
}

/** The Region that a resource's provider is configured for; undefined if only Terraform knows. */
export function regionOf(resource: Placed): string | undefined {
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
