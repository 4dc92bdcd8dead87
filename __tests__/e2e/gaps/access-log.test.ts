import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { account, expectGap, useEmulators } from "./emulators";
import { accessLogGroup, deployItemsApi, getItem, itemUrl } from "./items-api";

describe("access log", () => {
  const emulators = useEmulators();
  let apiId: string;

  beforeAll(async () => {
    apiId = await deployItemsApi(emulators.bare);
  });

  it("is not written by MiniStack", async () => {
    await getItem(emulators.bare, apiId, "1");

    expectGap((await accessLog()).length > 0, "access-log");
  });

  it("has one line of JSON per request, in the stage's format", async () => {
    const found = await getItem(emulators.withGaps, apiId, "1", { "user-agent": 'a "quoted" one' });
    const refused = await fetch(itemUrl(emulators.withGaps, apiId, "1"));
    await emulators.gateway.settle();

    const [first, second] = await accessLog();
    expect(first).toEqual({
      requestId: found.headers.get("x-amzn-requestid"),
      requestTime: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      httpMethod: "GET",
      resourcePath: "/items/{id}",
      status: "200",
      responseLatency: expect.stringMatching(/^\d+$/),
      integrationLatency: expect.stringMatching(/^\d+$/),
      responseLength: "5",
      userAgent: 'a "quoted" one',
      userArn: `arn:aws:iam::${account}:root`,
      errorMessage: "-",
    });
    expect(second).toMatchObject({
      requestId: refused.headers.get("x-amzn-requestid"),
      status: "403",
      integrationLatency: "-",
      userArn: "-",
      errorMessage: "Missing Authentication Token",
    });
  });

  async function accessLog(): Promise<Record<string, string>[]> {
    const logs = new CloudWatchLogsClient(emulators.bare);
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: accessLogGroup }));
    return (events ?? []).map(({ message = "" }) => JSON.parse(message));
  }
});
