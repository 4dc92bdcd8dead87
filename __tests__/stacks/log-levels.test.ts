import { esbuildBundler } from "../../constructs/bundle";
import type { LogLevel } from "../../constructs/service-function";
import { type Environment, environments } from "../../stacks/environments";
import { requestOf } from "../lambda-src/api/api";
import { streamRecord } from "../lambda-src/stream/stream-record";
import { RecordingAws } from "../least-privilege/recording-aws";
import { apiEvent } from "../support/api-event";
import type { JsonObject } from "../support/block";
import { invokeBundle } from "../support/invoke-bundle";
import { serviceStacks } from "../support/service-stacks";

/** From the least to the most severe. A level that the type allows and that is missing here does not compile. */
const severities = { DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4 } as const satisfies Record<LogLevel, number>;
const levels = Object.keys(severities) as LogLevel[];

const [dev] = environments;

/** What each does, the metrics that it publishes, and the levels of the lines that it writes. */
const functions = [
  {
    id: "api-function",
    does: "refuses a request",
    entry: "lambda-src/api/index.ts",
    event: apiEvent({ httpMethod: "PATCH" }),
    metrics: ["ColdStart"],
    written: ["WARN"],
  },
  {
    id: "api-function",
    does: "creates an item",
    entry: "lambda-src/api/index.ts",
    event: requestOf("createItem", {
      headers: { "Content-Type": "application/json" },
      body: { id: "a", data: { n: 1 } },
    }),
    metrics: ["ColdStart", "ItemCreated", "TableLatency"],
    written: [],
  },
  {
    id: "stream-function",
    does: "fails at a record",
    entry: "lambda-src/stream/index.ts",
    event: { Records: [{}] },
    metrics: ["ColdStart", "RecordFailed"],
    written: ["ERROR"],
  },
  {
    id: "stream-function",
    does: "publishes an event",
    entry: "lambda-src/stream/index.ts",
    event: { Records: [streamRecord(1, { eventName: "INSERT" })] },
    metrics: ["ColdStart", "EventPublished", "EventBusLatency"],
    written: [],
  },
] as const;

describe.each(levels.flatMap((level) => functions.map((one) => ({ level, ...one }))))(
  "$id with the log level $level, when it $does,",
  ({ level, id, entry, event, metrics, written }) => {
    let aws: RecordingAws;

    beforeAll(async () => {
      aws = await RecordingAws.start();
    });

    afterAll(() => aws.stop());

    it("publishes its metrics, and logs lines of that level and above", async () => {
      const lambda = functionOf({ ...dev, logLevel: level }, id);
      const logging = lambda.attributes.logging_config as JsonObject;
      const { variables } = lambda.attributes.environment as JsonObject;

      const { output } = await invokeBundle(esbuildBundler(entry), [event], {
        ...(variables as Readonly<Record<string, string>>),
        AWS_REGION: "eu-west-1",
        AWS_ENDPOINT_URL: aws.endpoint,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
        AWS_LAMBDA_LOG_FORMAT: `${logging.log_format}`,
        AWS_LAMBDA_LOG_LEVEL: `${logging.application_log_level}`,
      });

      const lines = linesThatLambdaKeeps(output, logging.application_log_level as LogLevel);
      const published = lines.filter(({ _aws }) => _aws).flatMap((line) => Object.keys(line));
      expect(published).toEqual(expect.arrayContaining([...metrics]));
      expect(lines.filter(({ _aws }) => !_aws).map((line) => line.level)).toEqual(
        (written as readonly LogLevel[]).filter((severity) => severities[severity] >= severities[level]),
      );
    });
  },
);

function functionOf(environment: Environment, id: string) {
  const [stack] = serviceStacks([environment]);
  if (!stack) throw new Error("the environment has no stack");
  return stack.at("aws_lambda_function", `${id}/function`);
}

/** Lambda keeps lines of its level and above, and takes a line without a level, or with another one, for INFO. */
function linesThatLambdaKeeps(output: string, lambdaLevel: LogLevel): readonly Record<string, unknown>[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter(
      ({ level = "INFO" }) => (severities[level as LogLevel] ?? severities.INFO) >= severities[lambdaLevel],
    );
}
