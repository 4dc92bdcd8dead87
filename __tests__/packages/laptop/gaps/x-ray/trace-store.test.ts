import type { Segment } from "../../../../../packages/laptop/gaps/x-ray/trace-segments";
import { TraceStore } from "../../../../../packages/laptop/gaps/x-ray/trace-store";

const segment = (id: string, changed: Partial<Segment> = {}): Segment => ({
  id,
  name: id,
  trace_id: "trace",
  start_time: 10,
  end_time: 11,
  ...changed,
});
const part = (id: string, parent_id: string, changed: Partial<Segment> = {}) =>
  segment(id, { type: "subsegment", parent_id, ...changed });
const storeOf = (...segments: readonly Segment[]) => {
  const store = new TraceStore();
  for (const each of segments) store.add(each);
  return store;
};
const documents = (store: TraceStore) =>
  store.batch(["trace"]).Traces[0]?.Segments.map(({ Document }) => JSON.parse(Document));

describe("TraceStore", () => {
  it("puts subsegments into their parents, in whatever order they arrive", () => {
    const store = storeOf(part("inner", "outer"), part("outer", "root"), segment("root"));

    expect(documents(store)).toEqual([
      expect.objectContaining({
        id: "root",
        subsegments: [
          expect.objectContaining({ id: "outer", subsegments: [expect.objectContaining({ id: "inner" })] }),
        ],
      }),
    ]);
    expect(documents(store)?.[0].subsegments[0]).not.toHaveProperty("trace_id");
  });

  it("puts a subsegment into a subsegment that was sent with its segment", () => {
    const root = segment("root", { subsegments: [segment("own")] });

    expect(documents(storeOf(root, part("sent", "own")))).toMatchObject([
      { subsegments: [{ id: "own", subsegments: [{ id: "sent" }] }] },
    ]);
  });

  it("returns a subsegment on its own until its segment arrives", () => {
    expect(documents(storeOf(part("lonely", "absent")))).toMatchObject([
      { id: "lonely", type: "subsegment" },
    ]);
  });

  it("keeps the latest document of a segment", () => {
    const running = segment("root", { in_progress: true });

    expect(documents(storeOf(running, segment("root")))).toEqual([segment("root")]);
  });

  it("ignores documents that are not segments, and returns nothing for unknown traces", () => {
    const store = storeOf({ hello: "world" } as unknown as Segment);

    expect(store.batch(["trace"])).toEqual({ Traces: [], UnprocessedTraceIds: [] });
  });

  it("keeps the last 1,000 traces", () => {
    const store = new TraceStore();
    for (let index = 0; index <= 1_000; index += 1) store.add(segment("root", { trace_id: `${index}` }));

    expect(store.batch(["0", "1", "1000"]).Traces.map(({ Id }) => Id)).toEqual(["1", "1000"]);
  });

  it("summarizes a trace by its root segment and by the errors anywhere in it", () => {
    const root = segment("root", {
      origin: "AWS::ApiGateway::Stage",
      http: { request: { method: "GET", url: "http://a/b" }, response: { status: 200 } },
    });
    const store = storeOf(part("call", "root", { end_time: 15, fault: true, throttle: true }), root);

    expect(store.summaries(10, 10).TraceSummaries).toEqual([
      expect.objectContaining({
        Id: "trace",
        StartTime: 10,
        Duration: 5,
        ResponseTime: 1,
        HasFault: true,
        HasError: false,
        HasThrottle: true,
        IsPartial: false,
        Http: expect.objectContaining({ HttpMethod: "GET", HttpStatus: 200, HttpURL: "http://a/b" }),
        EntryPoint: { Name: "root", Names: ["root"], Type: "AWS::ApiGateway::Stage" },
      }),
    ]);
    expect(store.summaries(11, 12).TraceSummaries).toEqual([]);
  });
});
