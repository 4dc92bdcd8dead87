import { esbuildBundler } from "../../constructs/bundle";
import type { LogLevel } from "../../constructs/service-function";
import { type Environment, environments } from "../../stacks/environments";
import { apiEvent } from "../support/api-event";
import type { JsonObject } from "../support/block";
import { invokeBundle } from "../support/invoke-bundle";
import { serviceStacks } from "../support/service-stacks";

/** From the least to the most severe. A level that the type allows and that is missing here does not compile. */
const severities = { DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4 } as const satisfies Record<LogLevel, number>;
const levels = Object.keys(severities) as LogLevel[];

const [dev] = environments;

const functions = [
  // A request that is refused: one line of level WARN, and the metrics of a cold start.
  {
    id: "api-function",
    entry: "lambda-src/api/index.ts",
    event: apiEvent({ httpMethod: "PATCH" }),
    written: ["WARN"],
  },
  {
    id: "stream-function",
    entry: "lambda-src/stream/index.ts",
    event: { Records: [{}] },
    written: ["ERROR"],
  },
] as const;

describe.each(levels.flatMap((level) => functions.map((one) => ({ level, ...one }))))(
  "$id with the log level $level",
  ({ level, id, entry, event, written }) => {
    it("publishes its metrics, and logs lines of that level and above", async () => {
      const lambda = functionOf({ ...dev, logLevel: level }, id);
      const logging = lambda.attributes.logging_config as JsonObject;
      const { variables } = lambda.attributes.environment as JsonObject;

      const { output } = await invokeBundle(esbuildBundler(entry), [event], {
        ...(variables as Readonly<Record<string, string>>),
        AWS_REGION: "eu-west-1",
        AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
        AWS_LAMBDA_LOG_FORMAT: `${logging.log_format}`,
        AWS_LAMBDA_LOG_LEVEL: `${logging.application_log_level}`,
      });

      const lines = linesThatLambdaKeeps(output, logging.application_log_level as LogLevel);
      expect(lines).toContainEqual(expect.objectContaining({ ColdStart: 1 }));
      expect(lines.filter(({ _aws }) => !_aws).map((line) => line.level)).toEqual(
        written.filter((severity) => severities[severity] >= severities[level]),
      );
    });
  },
);

function functionOf(environment: Environment, id: string) {
  const [stack] = serviceStacks([environment]);
  if (!stack) throw new Error("the environment has no stack");
  return stack.at("aws_lambda_function", `${id}/function`);
}

/** Lambda keeps lines of its level and above, and takes a line without a level for INFO. */
function linesThatLambdaKeeps(output: string, lambdaLevel: LogLevel): readonly Record<string, unknown>[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter(({ level = "INFO" }) => severities[level as LogLevel] >= severities[lambdaLevel]);
}
