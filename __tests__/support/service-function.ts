import type { TerraformStack } from "cdktf";
import { DeadLetterQueue } from "../../constructs/dead-letter-queue";
import { PrivateBucket } from "../../constructs/private-bucket";
import { ServiceFunction, type ServiceFunctionProps } from "../../constructs/service-function";
import { fakeBundle } from "./fake-bundler";

/** The function `worker` with its own queue and bucket, and a test's changes. */
export function serviceFunction(
  stack: TerraformStack,
  changes: Partial<ServiceFunctionProps> = {},
): ServiceFunction {
  return new ServiceFunction(stack, "worker", {
    name: "worker",
    description: "Works",
    bundle: fakeBundle(),
    artifacts: new PrivateBucket(stack, "artifacts", { name: "artifacts", deletionProtection: true }),
    deadLetterQueue: new DeadLetterQueue(stack, "dead-letter-queue", { name: "dlq" }),
    environment: { TABLE_NAME: "a-table" },
    memoryMb: 256,
    timeoutSeconds: 10,
    reservedConcurrency: 100,
    logRetentionDays: 14,
    logLevel: "INFO",
    ...changes,
  });
}
