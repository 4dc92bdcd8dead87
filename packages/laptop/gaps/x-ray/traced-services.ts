import {
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandOutput,
} from "@aws-sdk/client-lambda";
import { type Answer, headersOf, type RequestHead } from "../gap";
import { functionFailure, isIntegrated } from "../shared/api-answer";
import type { AwsClients } from "../shared/aws-clients";
import { decodeIfPossible } from "../shared/decode";
import { type ApiInvocation, apiInvocation, type DeployedApis, routeOf } from "../shared/deployed-apis";
import { functionInvocation } from "../shared/function-invocation";
import { lambdaSegments, type Segment, segmentId, stageSegment, type TracedCall } from "./trace-segments";

/** A request through a REST API, or an Invoke. */
export interface TracedExchange {
  readonly call: TracedCall;
  readonly head: RequestHead;
  readonly answer: Answer;
}

type FunctionOf = (reference: FunctionReference) => Promise<GetFunctionConfigurationCommandOutput>;

interface FunctionReference {
  /** A name or an ARN. */
  readonly FunctionName: string;
  readonly Qualifier?: string | undefined;
}

/** Makes the segments that API Gateway and Lambda write themselves, if tracing is on for the stage and the function. */
export class TracedServices {
  constructor(
    private readonly clients: AwsClients,
    private readonly apis: DeployedApis,
  ) {}

  async segments(region: string, exchanges: readonly TracedExchange[]): Promise<readonly Segment[]> {
    const found = new Map<string, ReturnType<FunctionOf>>();
    const functionOf: FunctionOf = (reference) => {
      const key = JSON.stringify(reference);
      const get = new GetFunctionConfigurationCommand(reference);
      const config = found.get(key) ?? this.clients.lambda(region).send(get);
      found.set(key, config);
      return config;
    };
    const segments = exchanges.map((exchange) => {
      const invocation = apiInvocation(exchange.head);
      return invocation
        ? this.ofApi(region, invocation, exchange, functionOf)
        : ofFunction(exchange, invokedFunction(exchange.head), functionOf);
    });
    return (await Promise.all(segments)).flat();
  }

  private async ofApi(
    region: string,
    { apiId, stageName, path }: ApiInvocation,
    exchange: TracedExchange,
    functionOf: FunctionOf,
  ): Promise<readonly Segment[]> {
    const { call, head, answer } = exchange;
    const api = await this.apis.find(region, apiId, stageName);
    const { uri = "" } = routeOf(api?.resources ?? [], head.method, path)?.method.methodIntegration ?? {};
    const [, arn] = /\/functions\/(arn:[^/]+)\/invocations$/.exec(uri) ?? [];
    const called = arn && isIntegrated({ answerHeaders: headersOf(answer) });
    if (!api?.stage.tracingEnabled)
      return called ? ofFunction(exchange, { FunctionName: arn }, functionOf) : [];
    const url = `http://${head.headers.host}${head.path}`;
    const request = { method: head.method, url, user_agent: head.headers["user-agent"] };
    const functionCallId = called ? segmentId() : undefined;
    const stage = stageSegment(call, `${api.apiName}/${stageName}`, request, functionCallId);
    if (!called) return [stage];
    const service = { id: segmentId(), parentId: functionCallId };
    return [stage, ...(await ofFunction(exchange, { FunctionName: arn }, functionOf, service))];
  }
}

async function ofFunction(
  { call, head, answer }: TracedExchange,
  reference: FunctionReference,
  functionOf: FunctionOf,
  service: { readonly id: string; readonly parentId: string | undefined } = {
    id: call.serviceId,
    parentId: call.context.parentId,
  },
): Promise<readonly Segment[]> {
  const { TracingConfig, FunctionName = "", FunctionArn = "" } = await functionOf(reference);
  if (TracingConfig?.Mode !== "Active") return [];
  const failed =
    headersOf(answer)["x-amz-function-error"] !== undefined ||
    functionFailure({ answerHeaders: headersOf(answer) }) === "failed";
  const asynchronous = head.headers["x-amz-invocation-type"] === "Event";
  return lambdaSegments(call, { name: FunctionName, arn: FunctionArn, failed, asynchronous }, service);
}

function invokedFunction({ path, query }: RequestHead): FunctionReference {
  const [, name = ""] = functionInvocation.exec(path) ?? [];
  const Qualifier = query.get("Qualifier") ?? undefined;
  return { FunctionName: decodeIfPossible(name), Qualifier };
}
