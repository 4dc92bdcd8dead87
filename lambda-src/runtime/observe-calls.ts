import { callFailure } from "./call-failure";
import type { CountName, DurationName } from "./metric-names";
import type { Telemetry } from "./telemetry";

export interface ObservedService {
  /** As shown in X-Ray's service map. */
  readonly name: string;
  readonly latency: DurationName;
  /** Counts calls that still failed after their last attempt because of the service or the network. */
  readonly failed: CountName;
}

/** The part of an AWS client that the observer needs. */
interface ObservableClient {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's stack is typed by each client's own inputs
  readonly middlewareStack: { add(middleware: any, options: any): void; remove(name: string): boolean };
  readonly config: { region(): Promise<string> };
}

interface Answered {
  readonly output?: { readonly $metadata?: Metadata };
}

interface Metadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
  readonly attempts?: number;
}

/** Measures every call of an AWS client and adds it to the invocation's trace. */
export const observeCalls = (
  client: ObservableClient,
  telemetry: Telemetry,
  { name, latency, failed }: ObservedService,
): void => {
  const observe =
    (next: (call: unknown) => Promise<Answered>, { commandName = "" }: { commandName?: string }) =>
    async (call: { readonly input: { readonly TableName?: string } }) => {
      const startedAt = Date.now();
      const region = await client.config.region();
      const report = (metadata: Metadata = {}, error?: unknown) => {
        const endedAt = Date.now();
        const failure = error === undefined ? undefined : callFailure(error);
        telemetry.duration(latency, endedAt - startedAt);
        if (failure?.transient) telemetry.count(failed);
        telemetry.trace.add({
          service: name,
          operation: commandName.replace(/Command$/, ""),
          startedAt,
          endedAt,
          details: {
            region,
            table_name: call.input.TableName,
            request_id: metadata.requestId,
            retries: (metadata.attempts ?? 1) - 1,
          },
          status: metadata.httpStatusCode,
          failure,
        });
      };
      try {
        const answered = await next(call);
        report(answered.output?.$metadata);
        return answered;
      } catch (error) {
        report((error as { $metadata?: Metadata }).$metadata, error);
        throw error;
      }
    };
  // For each call, loggerMiddleware prepares data that only a client with its own logger would log.
  client.middlewareStack.remove("loggerMiddleware");
  client.middlewareStack.add(observe, { step: "initialize", name: "observeCalls", priority: "high" });
};
