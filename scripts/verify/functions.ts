import {
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandOutput,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
} from "@aws-sdk/client-lambda";
import { application } from "../../stacks/environments";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import { statementsOf } from "./policies";
import { CheckFailedError, differs, requireNoProblems } from "./verdict";

const functions = {
  api: { output: "api-function-name", settings: "apiFunction", logGroup: "api-function-log-group" },
  stream: {
    output: "stream-function-name",
    settings: "streamFunction",
    logGroup: "stream-function-log-group",
  },
} as const;

type Kind = keyof typeof functions;

const Qualifier = "live";

/** Facts about each function's alias `live`, checked for both functions. */
const facts: Readonly<Record<string, (deployment: Deployment, kind: Kind) => Promise<string>>> = {
  alias: async (deployment, kind) => {
    const FunctionName = nameOf(deployment, kind);
    const alias = await deployment.clients.lambda.send(
      new GetAliasCommand({ FunctionName, Name: Qualifier }),
    );
    const [deployed, made] = ["aws_lambda_alias", "aws_lambda_function"].map((type) =>
      deployment.resources(type).find((one) => one.function_name === FunctionName),
    );
    const { CodeSha256 } = await configurationOf(deployment, kind);
    requireNoProblems([
      differs("its version", alias.FunctionVersion, deployed?.function_version),
      alias.RoutingConfig?.AdditionalVersionWeights &&
        Object.keys(alias.RoutingConfig.AdditionalVersionWeights).length > 0 &&
        "some of the traffic goes to another version",
      differs("the hash of its code", CodeSha256, made?.code_sha256),
    ]);
    return `version ${alias.FunctionVersion}, as deployed`;
  },
  state: async (deployment, kind) => {
    const { State, LastUpdateStatus } = await configurationOf(deployment, kind);
    requireNoProblems([
      differs("its state", State, "Active"),
      differs("its last update", LastUpdateStatus, "Successful"),
    ]);
    return "active";
  },
  settings: async (deployment, kind) => {
    const { MemorySize, Timeout } = await configurationOf(deployment, kind);
    const { memoryMb, timeoutSeconds } = deployment.environment[functions[kind].settings];
    requireNoProblems([
      differs("its memory", MemorySize, memoryMb),
      differs("its timeout", Timeout, timeoutSeconds),
    ]);
    return `${memoryMb} MB, ${timeoutSeconds} s`;
  },
  variables: async (deployment, kind) => {
    const { name, logLevel } = deployment.environment;
    const expected: Readonly<Record<string, string>> = {
      ...(kind === "api"
        ? { TABLE_NAME: deployment.output("table-name") }
        : { EVENT_BUS_NAME: deployment.output("event-bus-name") }),
      APPLICATION: application.name,
      ENVIRONMENT: name,
      POWERTOOLS_SERVICE_NAME: kind,
      POWERTOOLS_METRICS_NAMESPACE: application.metricsNamespace,
      POWERTOOLS_LOG_LEVEL: logLevel,
    };
    const unpublished = await deployment.clients.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: nameOf(deployment, kind) }),
    );
    const sides = [
      ["live", await configurationOf(deployment, kind)],
      ["unpublished", unpublished],
    ] as const;
    requireNoProblems(
      sides.flatMap(([side, { Environment }]) =>
        Object.entries(expected).map(([variable, value]) =>
          differs(`${variable} (${side})`, Environment?.Variables?.[variable], value),
        ),
      ),
    );
    return `all ${Object.keys(expected).length} as configured`;
  },
  concurrency: async (deployment, kind) => {
    const { ReservedConcurrentExecutions } = await deployment.clients.lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: nameOf(deployment, kind) }),
    );
    const { reserveConcurrency, [functions[kind].settings]: settings } = deployment.environment;
    const expected = reserveConcurrency ? settings.reservedConcurrency : undefined;
    requireNoProblems([differs("its reserved concurrency", ReservedConcurrentExecutions, expected)]);
    return `${expected ?? "nothing"} reserved`;
  },
  "dead-letters": async (deployment, kind) => {
    const { DeadLetterConfig } = await configurationOf(deployment, kind);
    const [queue] = deployment.resources("aws_sqs_queue");
    requireNoProblems([differs("its dead-letter queue", DeadLetterConfig?.TargetArn, queue?.arn)]);
    return "sent to the dead-letter queue";
  },
  retries: async (deployment, kind) => {
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = await deployment.clients.lambda.send(
      new GetFunctionEventInvokeConfigCommand({ FunctionName: nameOf(deployment, kind), Qualifier }),
    );
    requireNoProblems([
      differs("the number of retries of an asynchronous event", MaximumRetryAttempts, 2),
      differs("its maximum age in seconds", MaximumEventAgeInSeconds, 3_600),
    ]);
    return "2 within an hour";
  },
  tracing: async (deployment, kind) => {
    const { TracingConfig } = await configurationOf(deployment, kind);
    requireNoProblems([differs("its mode", TracingConfig?.Mode, "Active")]);
    return "active";
  },
  logging: async (deployment, kind) => {
    const { LoggingConfig } = await configurationOf(deployment, kind);
    requireNoProblems([
      differs("its format", LoggingConfig?.LogFormat, "JSON"),
      differs("its group", LoggingConfig?.LogGroup, deployment.output(functions[kind].logGroup)),
      // Lambda treats metrics, which have no level, as INFO. The functions filter their own lines.
      differs(
        "its level",
        LoggingConfig?.ApplicationLogLevel,
        deployment.environment.logLevel === "DEBUG" ? "DEBUG" : "INFO",
      ),
    ]);
    return `JSON, ${LoggingConfig?.ApplicationLogLevel}`;
  },
};

export const functionChecks: readonly Check[] = [
  ...Object.entries(facts).flatMap(([fact, check]) =>
    (Object.keys(functions) as Kind[]).map(
      (kind): Check => ({ name: `${kind}-function/${fact}`, run: (deployment) => check(deployment, kind) }),
    ),
  ),
  {
    name: "api-function/permissions",
    run: async (deployment) => {
      const FunctionName = nameOf(deployment, "api");
      const { Policy } = await deployment.clients.lambda.send(
        new GetPolicyCommand({ FunctionName, Qualifier }),
      );
      const granted = new Set(statementsOf(Policy).map(({ Sid }) => Sid));
      const permissions = deployment
        .resources("aws_lambda_permission")
        .filter((permission) => permission.function_name === FunctionName);
      if (permissions.length === 0) throw new CheckFailedError("no route is allowed to invoke it");
      requireNoProblems(
        permissions.map(
          ({ statement_id: id, source_arn: route }) =>
            !granted.has(`${id}`) && `${`${route}`.split(":").at(-1)} is not allowed to invoke it`,
        ),
      );
      return `all ${permissions.length} routes are allowed to invoke it`;
    },
  },
];

function nameOf(deployment: Deployment, kind: Kind): string {
  return deployment.output(functions[kind].output);
}

function configurationOf(deployment: Deployment, kind: Kind): Promise<GetFunctionConfigurationCommandOutput> {
  const FunctionName = nameOf(deployment, kind);
  return deployment.once(`function ${kind}`, () =>
    deployment.clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier })),
  );
}
