import type { Construct } from "constructs";
import { InvalidPropsError } from "./validation";

export interface Naming {
  /** First part of a bucket's name, which is unique in the whole world. */
  readonly organization: string;
  readonly application: string;
  /** Last part of every physical name. */
  readonly environment: string;
  /** Where links into the documentation lead, without a trailing slash. */
  readonly repository: string;
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

/**
 * `<application>-<name>-<environment>`, for all that must be unique within one account and Region.
 * @param maximum what the service takes; 64 characters, as IAM and Lambda do, are few enough for every other one
 * @throws Error where the name is longer
 */
export function physicalName(scope: Construct, name: string, maximum = 64): string {
  const { application, environment } = namingOf(scope);
  return fitting(scope, `${application}-${name}-${environment}`, maximum);
}

/**
 * `<organization>-<application>-<name>-<environment>`, for buckets.
 * @throws Error where it is longer than S3's 63 characters
 */
export function bucketName(scope: Construct, name: string): string {
  return fitting(scope, `${namingOf(scope).organization}-${physicalName(scope, name)}`, 63);
}

function fitting(scope: Construct, name: string, maximum: number): string {
  if (name.length <= maximum) return name;
  throw new InvalidPropsError([
    `${scope.node.path}: its physical name must have at most ${maximum} characters, got ${name.length} in ${name}: shorten the application's, the organisation's or its own part`,
  ]);
}
