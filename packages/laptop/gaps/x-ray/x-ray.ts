import { createSocket, type Socket } from "node:dgram";
import { type Answer, type Call, type Gap, type GapSettings, headerOf, type RequestHead } from "../gap";
import type { AwsClients } from "../shared/aws-clients";
import { Batches } from "../shared/batches";
import { decodeIfPossible } from "../shared/decode";
import { apiInvocation, type DeployedApis } from "../shared/deployed-apis";
import { functionInvocation } from "../shared/function-invocation";
import { readTraceHeader, segmentId, traceHeader } from "./trace-segments";
import { TraceStore } from "./trace-store";
import type { TracedRequests } from "./traced-requests";
import { type TracedExchange, TracedServices } from "./traced-services";

const batchMilliseconds = 100;

/**
 * X-Ray. Receives segments like its daemon, adds those of API Gateway and Lambda, and returns traces. A caller can send
 * a trace header, and finds the trace's id in the response.
 */
export class XRay implements Gap {
  readonly name = "x-ray";
  private readonly traces = new TraceStore();
  private readonly services: TracedServices;
  private readonly daemon: Socket;
  private readonly exchanges = new Batches<TracedExchange>({
    milliseconds: batchMilliseconds,
    failed: (error) => this.failed(error),
    deliver: async (region, exchanges) => {
      for (const segment of await this.services.segments(region, exchanges)) this.traces.add(segment);
    },
  });

  constructor(
    clients: AwsClients,
    apis: DeployedApis,
    private readonly settings: GapSettings & { readonly port: number; readonly requests: TracedRequests },
  ) {
    this.services = new TracedServices(clients, apis);
    this.daemon = createSocket("udp4")
      .on("error", (error) => this.failed(error))
      .on("message", (datagram) => this.receive(datagram))
      .unref();
    this.daemon.bind(settings.port, "127.0.0.1");
  }

  claims(head: RequestHead): boolean {
    return head.service === "xray" || functionInvocation.test(head.path) || apiInvocation(head) !== undefined;
  }

  async intercept(call: Call): Promise<Answer> {
    const { head } = call;
    if (head.service === "xray") return this.answer(call);
    const context = readTraceHeader(head.headers["x-amzn-trace-id"]?.toString());
    const [serviceId, functionId] = [segmentId(), segmentId()];
    const startedAt = Date.now() / 1000;
    const passed = call.pass({
      headers: { "X-Amzn-Trace-Id": traceHeader(context, functionId) },
    });
    this.settings.requests.add(context.traceId, describe(head, passed));
    const answer = await passed;
    const traced = {
      context,
      serviceId,
      functionId,
      startedAt,
      endedAt: Date.now() / 1000,
      status: answer.status,
    };
    if (context.sampled) {
      this.exchanges.add(head.region ?? this.settings.region, { call: traced, head, answer });
    }
    const header = ["X-Amzn-Trace-Id", traceHeader(context, serviceId)];
    return { ...answer, rawHeaders: [...answer.rawHeaders, ...header] };
  }

  settle(): Promise<void> {
    return this.exchanges.settle();
  }

  close(): void {
    this.daemon.close();
  }

  private async answer(call: Call): Promise<Answer> {
    // Includes the segments of every request so far.
    await this.settle();
    const input = JSON.parse(call.body.toString() || "{}");
    switch (call.head.path) {
      case "/Traces":
        return json(200, this.traces.batch(input.TraceIds));
      case "/TraceSummaries":
        // Ignoring the filter would return traces that the caller does not want.
        if (input.FilterExpression)
          return json(400, {
            __type: "InvalidRequestException",
            Message: "filter expressions are not supported on a laptop",
          });
        return json(200, this.traces.summaries(input.StartTime, input.EndTime));
      case "/TraceSegments":
        for (const document of input.TraceSegmentDocuments) this.traces.add(JSON.parse(document));
        return json(200, { UnprocessedTraceSegments: [] });
      default:
        return call.pass();
    }
  }

  /** The daemon's protocol: a header in JSON, a newline, and a segment. */
  private receive(datagram: Buffer): void {
    try {
      const [, document = ""] = datagram.toString().split(/\n(.*)/s);
      this.traces.add(JSON.parse(document));
    } catch (error) {
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    void this.settings.report(this.name, error);
  }
}

/** As a developer would name the request: by method and path, or by the function that is invoked. */
async function describe(head: RequestHead, passed: Promise<Answer>): Promise<string> {
  const api = apiInvocation(head);
  const [, invoked = ""] = functionInvocation.exec(head.path) ?? [];
  const name = api ? `${head.method} ${api.path}` : `an invocation of ${decodeIfPossible(invoked)}`;
  const answer = await passed.catch(() => undefined);
  const id = answer && headerOf(answer, "x-amzn-requestid");
  return id ? `${name} (request ${id})` : name;
}

function json(status: number, body: unknown): Answer {
  return {
    status,
    rawHeaders: ["content-type", "application/json"],
    body: Buffer.from(JSON.stringify(body)),
  };
}
