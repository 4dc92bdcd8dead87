import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { application } from "../../stacks/environments";
import { failed, type Probe, passed } from "./probe";

/** Executions that AWS keeps unreserved in an account and Region. */
const unreserved = 100;
/** Buckets of an environment, by the part of their names that is their own; a test holds it to what is synthesized. */
export const bucketsOfEnvironment = ["artifacts", "access-logs"] as const;
/** Functions of an environment that have reserved concurrency. */
const functions = { api: "apiFunction", stream: "streamFunction" } as const;

/** What AWS has only so much of. */
export const quotaProbes: readonly Probe[] = [
  {
    name: "Lambda's concurrency",
    run: async (surroundings) => {
      const lines = await Promise.all(
        surroundings.regions.map(async (region) => {
          const lambda = new LambdaClient({ ...surroundings.clientOptions, region });
          const { AccountLimit = {} } = await lambda.send(new GetAccountSettingsCommand({}));
          const { ConcurrentExecutions: quota = 0, UnreservedConcurrentExecutions: free = 0 } = AccountLimit;
          const wanted = await Promise.all(
            (await surroundings.environmentsIn(region)).flatMap((environment) =>
              Object.entries(functions).map(async ([name, settings]) => {
                const reserved = await reservedOf(lambda, `${application.name}-${name}-${environment.name}`);
                return Math.max(environment[settings].reservedConcurrency - reserved, 0);
              }),
            ),
          );
          const more = wanted.reduce((sum, executions) => sum + executions, 0);
          const text = `${region}: of ${quota}, ${free} are unreserved and ${more} more will be reserved`;
          return {
            text,
            missing: more > 0 ? more + unreserved - free : 0,
            needed: quota + more + unreserved - free,
          };
        }),
      );
      const detail = lines.map(({ text }) => text).join("; ");
      const short = lines.filter(({ missing }) => missing > 0);
      if (short.length === 0) return passed(detail);
      return failed(
        `${detail}; ${unreserved} must stay unreserved`,
        `raise the quota "Concurrent executions" of AWS Lambda to ${short.map(({ needed }) => needed).join(", ")}, or lower reservedConcurrency in stacks/environments.ts`,
      );
    },
  },
  {
    name: "bucket names",
    run: async (surroundings) => {
      const places = await Promise.all(
        surroundings.regions.map(async (region) =>
          Promise.all(
            (await surroundings.environmentsIn(region)).flatMap((environment) =>
              bucketsOfEnvironment.map(async (name) => {
                const bucket = `${application.organization}-${application.name}-${name}-${environment.name}`;
                return { bucket, is: (await surroundings.bucket(bucket, region)).is };
              }),
            ),
          ),
        ),
      );
      const buckets = places.flat();
      const foreign = buckets.filter(({ is }) => is === "foreign" || is === "elsewhere");
      if (foreign.length > 0) {
        return failed(
          `taken: ${foreign.map(({ bucket }) => bucket).join(", ")}`,
          "bucket names are unique in the world: set organization in stacks/environments.ts",
        );
      }
      const ours = buckets.filter(({ is }) => is === "ours").length;
      return passed(`${ours} are ours, ${buckets.length - ours} are free`);
    },
  },
];

async function reservedOf(lambda: LambdaClient, FunctionName: string): Promise<number> {
  try {
    const { ReservedConcurrentExecutions = 0 } = await lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName }),
    );
    return ReservedConcurrentExecutions;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return 0;
    throw error;
  }
}
