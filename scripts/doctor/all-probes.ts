import { apiGatewayLogRole } from "./api-gateway-log-role";
import { bucketNames } from "./bucket-names";
import { clock } from "./clock";
import { credentials } from "./credentials";
import { heldLocks } from "./held-locks";
import { identityProvider } from "./identity-provider";
import { lambdaConcurrency } from "./lambda-concurrency";
import { nodeJs } from "./node-js";
import type { Probe } from "./probe";
import { regions } from "./regions";
import { stateBucket } from "./state-bucket";
import { stateBucketEncryption } from "./state-bucket-encryption";
import { stateBucketLocking } from "./state-bucket-locking";
import { stateBucketPublicAccess } from "./state-bucket-public-access";
import { stateBucketVersioning } from "./state-bucket-versioning";
import { targetAccounts } from "./target-accounts";
import { terraform } from "./terraform";
import { terraformProviders } from "./terraform-providers";

/** Every probe, in the order of the report. */
export const allProbes: readonly Probe[] = [
  nodeJs,
  terraform,
  terraformProviders,
  credentials,
  targetAccounts,
  regions,
  apiGatewayLogRole,
  identityProvider,
  clock,
  stateBucket,
  stateBucketVersioning,
  stateBucketEncryption,
  stateBucketPublicAccess,
  stateBucketLocking,
  heldLocks,
  lambdaConcurrency,
  bucketNames,
];
