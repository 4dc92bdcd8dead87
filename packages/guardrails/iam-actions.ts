import { serviceReference } from "./service-reference";

/** An action in AWS's service authorization reference. */
export interface IamAction {
  readonly name: string;
  /** Empty if the action supports no resource except `*`. */
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[];
}

const services = new Map<string, ReadonlyMap<string, IamAction> | undefined>();

/** All actions of a service by lower-case name; undefined if the service does not exist. */
export function actionsOf(service: string): ReadonlyMap<string, IamAction> | undefined {
  const key = service.toLowerCase();
  if (!services.has(key)) {
    const actions = serviceReference<IamAction>("actions", key);
    services.set(key, actions && new Map(Object.entries(actions)));
  }
  return services.get(key);
}
