import { Telemetry } from "../../../lambda-src/runtime/telemetry";
import { context } from "../../support/api-event";
import { captureOutput } from "../captured-output";

describe("Telemetry", () => {
  let output: ReturnType<typeof captureOutput>;

  beforeEach(() => {
    output = captureOutput();
  });

  afterEach(() => output.restore());

  const telemetry = () =>
    new Telemetry({
      service: "api",
      metricsNamespace: "Shop",
      application: "shop",
      environment: "dev",
      daemonAddress: undefined,
    });

  it.each(["hasStoredMetrics", "publishStoredMetrics", "addMetric", "captureColdStartMetric"] as const)(
    "logs a metric that is lost because %s fails, and continues",
    async (method) => {
      const instance = telemetry();
      jest.spyOn(instance.metrics, method).mockImplementation(() => {
        throw new Error("no metrics today");
      });

      instance.begin(context());
      instance.count("ItemCreated");
      await instance.end();

      expect(output.lines()).toContainEqual(
        expect.objectContaining({
          level: "WARN",
          message: "metric lost",
          error: expect.objectContaining({ message: "no metrics today" }),
        }),
      );
    },
  );

  it("begins an invocation without the previous one's log keys", () => {
    const instance = telemetry();
    instance.logger.appendKeys({ requestId: "first" });

    instance.begin(context({ awsRequestId: "second" }));
    instance.logger.info("hello");

    expect(output.lines()).toEqual([expect.objectContaining({ function_request_id: "second" })]);
    expect(output.lines()[0]).not.toHaveProperty("requestId");
  });

  it("publishes counts and durations by service, application and environment", async () => {
    const instance = telemetry();

    instance.count("EventPublished", 3);
    instance.duration("TableLatency", 12);
    instance.duration("TableLatency", 30);
    await instance.end();

    expect(output.lines()).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "Shop",
              Dimensions: [["service", "application", "environment"]],
              Metrics: [
                { Name: "EventPublished", Unit: "Count" },
                { Name: "TableLatency", Unit: "Milliseconds" },
              ],
            },
          ],
        },
        service: "api",
        application: "shop",
        environment: "dev",
        EventPublished: 3,
        TableLatency: [12, 30],
      },
    ]);
  });

  it("writes debug lines for the share of invocations set by POWERTOOLS_LOGGER_SAMPLE_RATE", () => {
    process.env.POWERTOOLS_LOGGER_SAMPLE_RATE = "1";
    const instance = telemetry();
    delete process.env.POWERTOOLS_LOGGER_SAMPLE_RATE;

    for (let invocation = 1; invocation <= 2; invocation += 1) {
      instance.begin(context());
      instance.logger.debug(`invocation ${invocation}`);
    }

    expect(output.lines().map(({ message }) => message)).toEqual(
      expect.arrayContaining(["invocation 1", "invocation 2"]),
    );
  });

  it("writes nothing for an invocation without metrics", async () => {
    const instance = telemetry();

    instance.begin(context());
    instance.count("RecordFailed", 0);
    await instance.end();

    expect(output.text()).toBe("");
  });
});
