import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { application } from "../../stacks/environments";
import { judgeConcurrency } from "./judge-concurrency";
import type { Probe } from "./probe";

/** Functions of an environment that reserve concurrency. */
const functions = { api: "apiFunction", stream: "streamFunction" } as const;

/** Whether Lambda's quota covers the concurrency that the environments reserve. */
export const lambdaConcurrency: Probe = {
  name: "Lambda's concurrency",
  run: async (target) => {
    const regions = await Promise.all(
      (await target.regions()).map(async (region) => {
        const lambda = new LambdaClient({ ...target.clientOptions, region });
        const { AccountLimit = {} } = await lambda.send(new GetAccountSettingsCommand({}));
        const environments = (await target.environmentsIn(region)).filter(
          ({ reserveConcurrency }) => reserveConcurrency,
        );
        const found = await Promise.all(
          environments.flatMap((environment) =>
            Object.entries(functions).map(async ([name, settings]) => {
              const live = await reservedBy(lambda, `${application.name}-${name}-${environment.name}`);
              return { live, wanted: environment[settings].reservedConcurrency };
            }),
          ),
        );
        const { ConcurrentExecutions: quota = 0, UnreservedConcurrentExecutions: free = 0 } = AccountLimit;
        return { region, quota, free, functions: found };
      }),
    );
    return judgeConcurrency(regions);
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
