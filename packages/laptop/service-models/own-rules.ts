import type { Input } from "./check-input";
import { type Refusal, refusal } from "./refusal";
import type { Violation } from "./violation";

/** What a service checks beyond its model, by model and operation. Each finds one thing wrong at most. */
type OwnRule = (input: Input) => Refusal | Violation | undefined;

/** The rules of an operation, in the order in which they are tried. */
export function ownRulesOf(model: string, operation: string): readonly OwnRule[] {
  return rules[`${model}.${operation}`] ?? [];
}

const rules: Readonly<Record<string, readonly OwnRule[]>> = {
  "lambda.CreateFunction": [shortFunctionName, smallEnvironment],
  "lambda.UpdateFunctionConfiguration": [smallEnvironment],
  "lambda.CreateEventSourceMapping": [windowOfBatch],
  "apigateway.CreateStage": [stageName],
  "apigateway.CreateDeployment": [stageName],
};

/** "If you specify only the function name, it is limited to 64 characters" (CreateFunction). */
function shortFunctionName({ FunctionName: name }: Input): Violation | undefined {
  if (typeof name !== "string" || name.includes(":") || name.length <= 64) return undefined;
  return {
    kind: "maximum",
    path: "functionName",
    value: name,
    sensitive: false,
    rule: "Member must have length less than or equal to 64",
    limit: "64",
    inBody: true,
  };
}

/** Of names and values together ("Lambda quotas" in Lambda's developer guide). */
const environmentBytes = 4_096;

function smallEnvironment({ Environment: environment }: Input): Refusal | undefined {
  const variables = (environment as { readonly Variables?: object } | undefined)?.Variables;
  if (!variables || Buffer.byteLength(JSON.stringify(variables)) <= environmentBytes) return undefined;
  return refusal(
    "InvalidParameterValueException",
    "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
  );
}

/** "If BatchSize is greater than 10, MaximumBatchingWindowInSeconds must be at least 1" (CreateEventSourceMapping), for SQS. */
function windowOfBatch(input: Input): Refusal | undefined {
  const { EventSourceArn: source, BatchSize: size, MaximumBatchingWindowInSeconds: window } = input;
  if (!/^arn:[\w-]+:sqs:/.test(String(source)) || Number(size ?? 10) <= 10 || Number(window ?? 0) > 0)
    return undefined;
  return refusal(
    "InvalidParameterValueException",
    "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
  );
}

/** "Stage names can only contain alphanumeric characters, hyphens, and underscores" (CreateStage). */
function stageName({ stageName: name }: Input): Refusal | undefined {
  if (typeof name !== "string" || /^[a-zA-Z0-9_-]{0,128}$/.test(name)) return undefined;
  return refusal(
    "BadRequestException",
    "Stage name only allows alphanumeric characters, hyphens and underscores, and at most 128 characters",
  );
}
