import { serviceReference } from "./service-reference";

/** The formats of the ARNs of a service's resources, by the name of the type: `arn:${Partition}:sqs:…:${QueueName}`. */
export type ArnFormats = Readonly<Record<string, { readonly arn: string }>>;

const services = new Map<string, ArnFormats>();

/** All resource types of a service in AWS's service authorization reference. Empty if it has none. */
export function resourceTypesOf(service: string): ArnFormats {
  const key = service.toLowerCase();
  const known = services.get(key) ?? serviceReference("resourceTypes", key) ?? {};
  services.set(key, known);
  return known;
}
