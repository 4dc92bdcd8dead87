import { randomUUID } from "node:crypto";
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  type GetFunctionEventInvokeConfigCommandOutput,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { type Answer, type Call, type Gap, hasSucceeded, headerOf, type RequestHead } from "./gap";
import { deadLetter, type InvocationResult, invocationRecord, sendTo } from "./shared/async-destination";
import type { AwsClients } from "./shared/aws-clients";
import { decodeIfPossible } from "./shared/decode";
import { functionInvocation } from "./shared/function-invocation";
import type { Report } from "./shared/report";

/**
 * Before the first retry; doubled for each further one. Lambda waits one minute, then two. If it throttles the function, it
 * waits one second, then twice as long each time, up to five minutes.
 */
const retryMilliseconds = 50;
const longestRetryMilliseconds = 5_000;
const throttledStatus = 429;

interface FunctionReference {
  readonly FunctionName: string;
  readonly Qualifier: string;
}

interface Invocation {
  readonly region: string;
  readonly reference: FunctionReference;
  readonly config: GetFunctionEventInvokeConfigCommandOutput;
  readonly requestId: string;
}

/**
 * Makes asynchronous invocations of an alias or version follow its event-invoke configuration, which MiniStack stores but
 * ignores. Without a configuration, MiniStack runs the invocation.
 */
export class EventInvokeConfig implements Gap {
  readonly name = "event-invoke-config";
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly clients: AwsClients,
    private readonly report: Report,
  ) {}

  claims({ method, path, headers }: RequestHead): boolean {
    return method === "POST" && headers["x-amz-invocation-type"] === "Event" && functionInvocation.test(path);
  }

  async intercept(call: Call): Promise<Answer> {
    const reference = functionReference(call.head);
    const { region } = call.head;
    if (!reference || !region) return call.pass();
    const config = await this.configOf(region, reference);
    if (!config) return call.pass();
    const requestId = randomUUID();
    const run = this.run(call, { region, reference, config, requestId })
      .catch((error: unknown) => this.report(this.name, error))
      .finally(() => this.running.delete(run));
    this.running.add(run);
    return { status: 202, rawHeaders: ["x-amzn-RequestId", requestId], body: Buffer.alloc(0) };
  }

  async settle(): Promise<void> {
    await Promise.all(this.running);
  }

  private async run(call: Call, invocation: Invocation): Promise<void> {
    const { region, reference, config } = invocation;
    const result = await this.invoke(call, invocation);
    const { OnSuccess, OnFailure } = config.DestinationConfig ?? {};
    const destination = result.condition === "Success" ? OnSuccess : OnFailure;
    const lambda = this.clients.lambda(region);
    const { DeadLetterConfig } = await lambda.send(new GetFunctionConfigurationCommand(reference));
    const deadLetters = result.condition === "Success" ? undefined : DeadLetterConfig?.TargetArn;
    await Promise.all([
      destination?.Destination &&
        sendTo(this.clients, reference, destination.Destination, invocationRecord(result)),
      deadLetters && sendTo(this.clients, reference, deadLetters, deadLetter(result)),
    ]);
  }

  private async invoke(call: Call, invocation: Invocation): Promise<InvocationResult> {
    const { config, requestId } = invocation;
    const { MaximumRetryAttempts = 2, MaximumEventAgeInSeconds = 21_600, FunctionArn = "" } = config;
    const startedAt = Date.now();
    let [attempts, throttles] = [0, 0];
    let attempted: Answer | undefined;
    for (;;) {
      const answer = await call.pass({ headers: { "x-amz-invocation-type": "RequestResponse" } });
      const throttled = answer.status === throttledStatus;
      if (throttled) throttles += 1;
      else [attempts, throttles, attempted] = [attempts + 1, 0, answer];
      const failed = !hasSucceeded(answer) || headerOf(answer, "x-amz-function-error") !== undefined;
      const common = { functionArn: FunctionArn, requestId, attempts, event: call.body };
      const result = { ...common, answer: attempted ?? answer };
      if (!failed) return { ...result, condition: "Success" };
      if (throttled && (await this.reservesNothing(invocation)))
        return { ...result, condition: "ZeroReservedConcurrency" };
      if (!throttled && attempts > MaximumRetryAttempts) return { ...result, condition: "RetriesExhausted" };
      const pause = Math.min(
        retryMilliseconds * 2 ** ((throttles || attempts) - 1),
        longestRetryMilliseconds,
      );
      const age = Date.now() - startedAt + pause;
      if (age > MaximumEventAgeInSeconds * 1000) return { ...result, condition: "EventAgeExceeded" };
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  private async reservesNothing({ region, reference: { FunctionName } }: Invocation): Promise<boolean> {
    const { ReservedConcurrentExecutions } = await this.clients
      .lambda(region)
      .send(new GetFunctionConcurrencyCommand({ FunctionName }));
    return ReservedConcurrentExecutions === 0;
  }

  private async configOf(region: string, reference: FunctionReference) {
    try {
      return await this.clients.lambda(region).send(new GetFunctionEventInvokeConfigCommand(reference));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }
}

/** From a name, a partial ARN or a full ARN, with or without a qualifier. Undefined without a qualifier. */
function functionReference({ path, query }: RequestHead): FunctionReference | undefined {
  const name = decodeIfPossible(functionInvocation.exec(path)?.[1] ?? "");
  const [, FunctionName, inName] = /^(?:.*:function:)?([\w-]+)(?::([\w$-]+))?$/.exec(name) ?? [];
  const Qualifier = query.get("Qualifier") ?? inName;
  return FunctionName && Qualifier ? { FunctionName, Qualifier } : undefined;
}
