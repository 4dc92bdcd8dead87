import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { BatchGetTracesCommand, GetTraceSummariesCommand, XRayClient } from "@aws-sdk/client-xray";
import { expectGap, useEmulators } from "./emulators";
import { deployItemsApi, getItem } from "./items-api";

describe("X-Ray", () => {
  const emulators = useEmulators();
  let apiId: string;

  beforeAll(async () => {
    apiId = await deployItemsApi(emulators.bare);
  });

  const caller = "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1";

  it("is not implemented by MiniStack", async () => {
    const summaries = await new XRayClient({ ...emulators.bare, maxAttempts: 1 })
      .send(lastMinute())
      .catch(() => undefined);

    expectGap(summaries?.TraceSummaries !== undefined, "x-ray");
  });

  it("returns the whole trace of a request through the API by the id in its answer", async () => {
    const answers = await Promise.all(
      ["trace", "trace", "1"].map((id) => getItem(emulators.withGaps, apiId, id)),
    );

    const [traced, other, untraced] = await Promise.all(answers.map(traceOf));

    expect(traced?.map(({ origin, name }) => [origin, name])).toEqual([
      ["AWS::ApiGateway::Stage", "gaps-api/dev"],
      ["AWS::Lambda", "gaps"],
      ["AWS::Lambda::Function", "gaps"],
    ]);
    const [stage, service, invoked] = traced ?? [];
    expect(stage?.http).toMatchObject({ request: { method: "GET" }, response: { status: 200 } });
    expect(service?.parent_id).toBe(stage?.subsegments[0].id);
    expect(invoked?.parent_id).toBe(service?.id);
    expect(invoked?.subsegments).toMatchObject([{ name: "DynamoDB", namespace: "aws" }]);
    expect(other?.[2]?.subsegments).toHaveLength(1);
    expect(untraced?.[2]?.subsegments).toBeUndefined();
  });

  it("continues the trace of a caller that invokes a function", async () => {
    const client = new LambdaClient(emulators.withGaps);
    client.middlewareStack.add(
      (next) => (step) => {
        Object.assign((step.request as { headers: object }).headers, { "x-amzn-trace-id": caller });
        return next(step);
      },
      { step: "build" },
    );
    const Payload = Buffer.from(JSON.stringify({ trace: true, fail: true }));
    await client.send(new InvokeCommand({ FunctionName: "gaps", Payload }));

    const [service, invoked] = await documents("1-581cf771-a006649127e371903a2de979");

    expect(service).toMatchObject({ origin: "AWS::Lambda", parent_id: "70de5b6f19ff9a0a", fault: true });
    expect(invoked).toMatchObject({ parent_id: service?.id, subsegments: [{ name: "DynamoDB" }] });
  });

  it("summarizes traces", async () => {
    const answer = await getItem(emulators.withGaps, apiId, "conflict");
    const id = traceIdOf(answer);

    const { TraceSummaries } = await new XRayClient(emulators.withGaps).send(lastMinute());

    expect(TraceSummaries?.find(({ Id }) => Id === id)).toMatchObject({
      HasError: true,
      HasFault: false,
      Http: { HttpStatus: 409, HttpMethod: "GET" },
      EntryPoint: { Name: "gaps-api/dev", Type: "AWS::ApiGateway::Stage" },
    });
  });

  it("records nothing if the caller says not to sample", async () => {
    const root = "1-581cf771-a006649127e371903a2de970";

    await getItem(emulators.withGaps, apiId, "trace", { "x-amzn-trace-id": `Root=${root};Sampled=0` });

    expect(await documents(root)).toEqual([]);
  });

  function lastMinute() {
    const now = Date.now();
    return new GetTraceSummariesCommand({
      StartTime: new Date(now - 60_000),
      EndTime: new Date(now + 1_000),
    });
  }

  function traceIdOf({ headers }: Response): string {
    return /Root=([^;]+)/.exec(headers.get("x-amzn-trace-id") ?? "")?.[1] ?? "";
  }

  function traceOf(answer: Response) {
    return documents(traceIdOf(answer));
  }

  async function documents(id: string) {
    const { Traces } = await new XRayClient(emulators.withGaps).send(
      new BatchGetTracesCommand({ TraceIds: [id] }),
    );
    return (Traces?.[0]?.Segments ?? []).map(({ Document = "" }) => JSON.parse(Document));
  }
});
