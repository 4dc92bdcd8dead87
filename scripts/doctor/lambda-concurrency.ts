import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { application } from "../../stacks/environments";
import { failed, type Probe, passed } from "./probe";

/** Executions that AWS keeps unreserved in each account and Region. */
const unreserved = 100;
/** Functions of an environment that reserve concurrency. */
const functions = { api: "apiFunction", stream: "streamFunction" } as const;

/** Whether Lambda's quota covers the concurrency that the environments reserve. */
export const lambdaConcurrency: Probe = {
  name: "Lambda's concurrency",
  run: async (target) => {
    const lines = await Promise.all(
      target.regions.map(async (region) => {
        const lambda = new LambdaClient({ ...target.clientOptions, region });
        const { AccountLimit = {} } = await lambda.send(new GetAccountSettingsCommand({}));
        const { ConcurrentExecutions: quota = 0, UnreservedConcurrentExecutions: free = 0 } = AccountLimit;
        const wanted = await Promise.all(
          (await target.environmentsIn(region)).flatMap((environment) =>
            Object.entries(functions).map(async ([name, settings]) => {
              const reserved = await reservedBy(lambda, `${application.name}-${name}-${environment.name}`);
              return Math.max(environment[settings].reservedConcurrency - reserved, 0);
            }),
          ),
        );
        const more = wanted.reduce((sum, executions) => sum + executions, 0);
        return {
          text: `${region}: quota ${quota}, ${free} unreserved, ${more} more to reserve`,
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
};

async function reservedBy(lambda: LambdaClient, FunctionName: string): Promise<number> {
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
