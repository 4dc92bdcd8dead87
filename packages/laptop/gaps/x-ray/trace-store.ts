import type { Segment } from "./trace-segments";

/** X-Ray keeps all traces for 30 days. */
const tracesKept = 1_000;

/** Stores segments by trace, and returns them like X-Ray's API: subsegments sent on their own are put into their parents. */
export class TraceStore {
  private readonly traces = new Map<string, Map<string, Segment>>();

  add(segment: Segment): void {
    const { trace_id: traceId, id } = segment;
    if (!traceId || !id || !Number.isFinite(segment.start_time)) return;
    const trace = this.traces.get(traceId) ?? new Map<string, Segment>();
    // A segment in progress is sent again when it ends.
    trace.set(id, segment);
    this.traces.set(traceId, trace);
    const [oldest] = this.traces.keys();
    if (oldest && this.traces.size > tracesKept) this.traces.delete(oldest);
  }

  /** BatchGetTraces. */
  batch(ids: readonly string[]) {
    const Traces = ids.flatMap((Id) => {
      const segments = this.segments(Id);
      const Segments = segments.map((segment) => ({ Id: segment.id, Document: JSON.stringify(segment) }));
      return Segments.length > 0 ? [{ Id, ...timesOf(segments), LimitExceeded: false, Segments }] : [];
    });
    return { Traces, UnprocessedTraceIds: [] };
  }

  /** GetTraceSummaries, for traces that began between two times in seconds since 1970. */
  summaries(from: number, to: number) {
    const TraceSummaries = [...this.traces.keys()].flatMap((Id) => {
      const segments = this.segments(Id);
      const { StartTime, Duration } = timesOf(segments);
      if (StartTime < from || StartTime > to) return [];
      const ids = new Set(segments.map(({ id }) => id));
      const root = segments.find(({ parent_id }) => !parent_id || !ids.has(parent_id));
      const all = segments.flatMap(withParts);
      const services = new Map(
        segments.map((segment) => [`${segment.name}/${segment.origin}`, serviceOf(segment)]),
      );
      const { request = {}, response = {} } = root?.http ?? {};
      return {
        Id,
        StartTime,
        Duration,
        ResponseTime: root?.end_time === undefined ? undefined : root.end_time - root.start_time,
        HasFault: all.some(({ fault }) => fault),
        HasError: all.some(({ error }) => error),
        HasThrottle: all.some(({ throttle }) => throttle),
        IsPartial: all.some(({ in_progress }) => in_progress),
        Http: {
          HttpURL: request.url,
          HttpMethod: request.method,
          HttpStatus: response.status,
          UserAgent: request.user_agent,
          ClientIp: request.client_ip,
        },
        ServiceIds: [...services.values()],
        EntryPoint: root && serviceOf(root),
        Annotations: {},
        Users: [],
      };
    });
    const TracesProcessedCount = this.traces.size;
    return { TraceSummaries, TracesProcessedCount, ApproximateTime: Math.floor(Date.now() / 1000) };
  }

  private segments(traceId: string): readonly Segment[] {
    const all = [...(this.traces.get(traceId)?.values() ?? [])];
    const known = new Set(all.flatMap(withParts).map(({ id }) => id));
    const isPart = ({ type, parent_id = "" }: Segment) => type === "subsegment" && known.has(parent_id);
    const parts = all.filter(isPart);
    const whole = (segment: Segment): Segment => {
      const own = (segment.subsegments ?? []).map(whole);
      const sent = parts
        .filter(({ parent_id }) => parent_id === segment.id)
        .map(asPart)
        .map(whole);
      return own.length + sent.length > 0 ? { ...segment, subsegments: [...own, ...sent] } : segment;
    };
    return all.filter((segment) => !isPart(segment)).map(whole);
  }
}

/** Inside its parent, a subsegment does not name its trace and parent. */
function asPart({ type, trace_id, parent_id, ...part }: Segment): Segment {
  return part as Segment;
}

function withParts(segment: Segment): readonly Segment[] {
  return [segment, ...(segment.subsegments ?? []).flatMap(withParts)];
}

function timesOf(segments: readonly Segment[]): { readonly StartTime: number; readonly Duration: number } {
  const StartTime = Math.min(...segments.map(({ start_time }) => start_time));
  const end = Math.max(...segments.flatMap(withParts).map((part) => part.end_time ?? part.start_time));
  return { StartTime, Duration: end - StartTime };
}

function serviceOf({ name, origin }: Segment) {
  return { Name: name, Names: [name], Type: origin ?? "client" };
}
