import type { Construct } from "constructs";
import { InvalidPropsError } from "./invalid-props-error";

export interface Naming {
  /** First part of every bucket name, because those are globally unique. */
  readonly organization: string;
  readonly application: string;
  /** Last part of every physical name. */
  readonly environment: string;
  /** Base URL of links to the documentation, without a trailing slash. */
  readonly repository: string;
}

const contextKey = "naming";

/** Sets how everything in `scope` is named. Call it before adding any construct to `scope`. */
export function setNaming(scope: Construct, naming: Naming): void {
  scope.node.setContext(contextKey, naming);
}

/** @throws Error if {@link setNaming} was not called for a stack that contains `scope` */
export function namingOf(scope: Construct): Naming {
  const naming: Naming | undefined = scope.node.tryGetContext(contextKey);
  if (!naming)
    throw new Error(`${scope.node.path}: naming is not set; call setNaming(stack, …) in the stack first`);
  return naming;
}

/**
 * `<application>-<name>-<environment>`, for everything that must be unique within an account and Region.
 * @param maximum characters that the service accepts; 64, the limit of IAM and Lambda, is short enough for every service
 * @throws InvalidPropsError if the name is longer
 */
export function physicalName(scope: Construct, name: string, maximum = 64): string {
  const { application, environment } = namingOf(scope);
  return checkLength(scope, `${application}-${name}-${environment}`, maximum);
}

/**
 * `<organization>-<application>-<name>-<environment>`, for buckets.
 * @throws InvalidPropsError if it is longer than S3's 63 characters
 */
export function bucketName(scope: Construct, name: string): string {
  return checkLength(scope, `${namingOf(scope).organization}-${physicalName(scope, name)}`, 63);
}

function checkLength(scope: Construct, name: string, maximum: number): string {
  if (name.length <= maximum) return name;
  throw new InvalidPropsError([
    `${scope.node.path}: the physical name must have at most ${maximum} characters, got ${name.length} in ${name}: shorten the application, the organization or the resource's own part`,
  ]);
}
