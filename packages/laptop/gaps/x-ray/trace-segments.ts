import { randomBytes } from "node:crypto";

/** A segment or subsegment document, as X-Ray's developer guide describes it. Times are seconds since 1970. */
export interface Segment {
  readonly id: string;
  readonly name: string;
  readonly start_time: number;
  readonly trace_id?: string | undefined;
  readonly parent_id?: string | undefined;
  readonly end_time?: number;
  readonly type?: string;
  readonly origin?: string;
  readonly error?: boolean;
  readonly fault?: boolean;
  readonly throttle?: boolean;
  readonly http?: {
    readonly request?: Readonly<Record<string, unknown>>;
    readonly response?: { readonly status?: number };
  };
  readonly subsegments?: readonly Segment[];
  readonly [field: string]: unknown;
}

/** The content of X-Amzn-Trace-Id. */
export interface TraceContext {
  readonly traceId: string;
  readonly parentId: string | undefined;
  readonly sampled: boolean;
}

/** A call, and the segment ids that were chosen before it was made. */
export interface TracedCall {
  readonly context: TraceContext;
  /** The segment of the service that was called. */
  readonly serviceId: string;
  /** The segment that contains the function's own subsegments. */
  readonly functionId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
}

export interface TracedFunction {
  readonly name: string;
  readonly arn: string;
  readonly failed: boolean;
  /** The gateway does not learn when an asynchronous invocation ends. */
  readonly asynchronous: boolean;
}

export function segmentId(): string {
  return randomBytes(8).toString("hex");
}

/** Continues the caller's trace, or starts a new one. Every request is sampled unless the header says `Sampled=0`. */
export function readTraceHeader(header: string | undefined, now = Date.now()): TraceContext {
  const [, root] = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})\s*(?:;|$)/i.exec(header ?? "") ?? [];
  const [, parentId] = /(?:^|;)\s*Parent=([0-9a-f]{16})\s*(?:;|$)/i.exec(header ?? "") ?? [];
  const seconds = Math.floor(now / 1000).toString(16);
  return {
    traceId: root ?? `1-${seconds}-${randomBytes(12).toString("hex")}`,
    parentId: root && parentId,
    sampled: !/(?:^|;)\s*Sampled=0/i.test(header ?? ""),
  };
}

export function traceHeader({ traceId, sampled }: TraceContext, parentId: string): string {
  return `Root=${traceId};Parent=${parentId};Sampled=${sampled ? 1 : 0}`;
}

/** API Gateway's segment. If it called a function, the segment has a subsegment for that call, with the given id. */
export function stageSegment(
  call: TracedCall,
  name: string,
  request: Readonly<Record<string, unknown>>,
  functionCallId: string | undefined,
): Segment {
  const { context, serviceId, status } = call;
  const http = { request, response: { status } };
  const during = { start_time: call.startedAt, end_time: call.endedAt };
  const functionCall = functionCallId && [
    { id: functionCallId, name: "Lambda", ...during, namespace: "aws", aws: { operation: "Invoke" } },
  ];
  return {
    id: serviceId,
    trace_id: context.traceId,
    parent_id: context.parentId,
    name,
    ...during,
    origin: "AWS::ApiGateway::Stage",
    http,
    ...outcome(status),
    ...(functionCall && { subsegments: functionCall }),
  };
}

/** Lambda's two segments: the service's, and the function's, which contains the function's own subsegments. */
export function lambdaSegments(
  call: TracedCall,
  { name, arn, failed, asynchronous }: TracedFunction,
  service: { readonly id: string; readonly parentId: string | undefined },
): readonly Segment[] {
  const common = { name, trace_id: call.context.traceId, start_time: call.startedAt };
  const { endedAt: end_time, status } = call;
  const ended = asynchronous ? { in_progress: true } : { end_time, ...(failed && { fault: true }) };
  return [
    {
      ...common,
      id: service.id,
      parent_id: service.parentId,
      end_time,
      origin: "AWS::Lambda",
      resource_arn: arn,
      http: { response: { status } },
      ...(failed ? { fault: true } : outcome(status)),
    },
    {
      ...common,
      id: call.functionId,
      parent_id: service.id,
      ...ended,
      origin: "AWS::Lambda::Function",
      aws: { function_arn: arn, resource_names: [name] },
    },
  ];
}

function outcome(status: number): Pick<Segment, "error" | "fault" | "throttle"> {
  if (status >= 500) return { fault: true };
  return status >= 400 ? { error: true, ...(status === 429 && { throttle: true }) } : {};
}
