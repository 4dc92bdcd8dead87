import {
  lambdaSegments,
  readTraceHeader,
  stageSegment,
  traceHeader,
} from "../../../../../packages/laptop/gaps/x-ray/trace-segments";

const context = {
  traceId: "1-581cf771-a006649127e371903a2de979",
  parentId: "70de5b6f19ff9a0a",
  sampled: true,
};
const call = {
  context,
  serviceId: "1000000000000000",
  functionId: "2000000000000000",
  startedAt: 1,
  endedAt: 2,
  status: 200,
};
const traced = { name: "api", arn: "arn", failed: false, asynchronous: false };

describe("readTraceHeader", () => {
  it("continues a caller's trace", () => {
    expect(readTraceHeader(`${traceHeader(context, "70de5b6f19ff9a0a")};Lineage=a:1`)).toEqual(context);
  });

  it("does not sample if the caller does not", () => {
    expect(readTraceHeader(`Root=${context.traceId};Sampled=0`)).toEqual({
      traceId: context.traceId,
      parentId: undefined,
      sampled: false,
    });
  });

  it.each([undefined, "", "Root=1-2-3", "Parent=70de5b6f19ff9a0a", "Self=1"])(
    "starts a new trace for the header %j",
    (header) => {
      expect(readTraceHeader(header, 0x581cf771 * 1000)).toEqual({
        traceId: expect.stringMatching(/^1-581cf771-[0-9a-f]{24}$/),
        parentId: undefined,
        sampled: true,
      });
    },
  );
});

describe("stageSegment", () => {
  it.each([
    [200, {}],
    [404, { error: true }],
    [429, { error: true, throttle: true }],
    [502, { fault: true }],
  ])("marks status %i as an error, a fault or neither", (status, outcome) => {
    const { error, fault, throttle } = stageSegment({ ...call, status }, "api/dev", {}, undefined);

    expect({ error, fault, throttle }).toEqual({
      error: undefined,
      fault: undefined,
      throttle: undefined,
      ...outcome,
    });
  });

  it("contains the call of the function", () => {
    const segment = stageSegment(call, "api/dev", { method: "GET" }, "3000000000000000");

    expect(segment).toMatchObject({
      id: call.serviceId,
      trace_id: context.traceId,
      parent_id: context.parentId,
      http: { request: { method: "GET" }, response: { status: 200 } },
      subsegments: [{ id: "3000000000000000", name: "Lambda" }],
    });
  });
});

describe("lambdaSegments", () => {
  const service = { id: "4000000000000000", parentId: "3000000000000000" };

  it("are the service's segment and, as its child, the function's", () => {
    expect(lambdaSegments(call, traced, service)).toMatchObject([
      { origin: "AWS::Lambda", id: service.id, parent_id: service.parentId, end_time: 2 },
      { origin: "AWS::Lambda::Function", id: call.functionId, parent_id: service.id, end_time: 2 },
    ]);
  });

  it("mark a function error as a fault of both", () => {
    const segments = lambdaSegments(call, { ...traced, failed: true }, service);

    expect(segments.map(({ fault }) => fault)).toEqual([true, true]);
  });

  it("leave the end of an asynchronous invocation open", () => {
    const [, invoked] = lambdaSegments(call, { ...traced, asynchronous: true }, service);

    expect(invoked).toMatchObject({ in_progress: true });
    expect(invoked).not.toHaveProperty("end_time");
  });
});
