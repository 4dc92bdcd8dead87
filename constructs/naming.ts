import type { Construct } from "constructs";

export interface Naming {
  /** First part of a bucket's name, which is unique in the whole world. */
  readonly organization: string;
  readonly application: string;
  /** Last part of every physical name. */
  readonly environment: string;
}

const contextKey = "naming";

/** Says how everything below `scope` is named. Call it before anything is made there. */
export function setNaming(scope: Construct, naming: Naming): void {
  scope.node.setContext(contextKey, naming);
}

/** @throws Error where no stack above `scope` called {@link setNaming} */
export function namingOf(scope: Construct): Naming {
  const naming: Naming | undefined = scope.node.tryGetContext(contextKey);
  if (!naming)
    throw new Error(`${scope.node.path}: no naming is set; call setNaming(stack, …) in the stack first`);
  return naming;
}

/** `<application>-<name>-<environment>`, for all that must be unique within one account and Region. */
export function physicalName(scope: Construct, name: string): string {
  const { application, environment } = namingOf(scope);
  return `${application}-${name}-${environment}`;
}

/** `<organization>-<application>-<name>-<environment>`, for buckets. */
export function bucketName(scope: Construct, name: string): string {
  return `${namingOf(scope).organization}-${physicalName(scope, name)}`;
}
