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
      metricsNamespace: "ServerlessApp",
      environment: "dev",
    });

  it.each(["hasStoredMetrics", "publishStoredMetrics", "addMetric", "captureColdStartMetric"] as const)(
    "logs a metric that is lost by %s, and goes on",
    (method) => {
      const instance = telemetry();
      jest.spyOn(instance.metrics, method).mockImplementation(() => {
        throw new Error("no metrics today");
      });

      const invocation = () => {
        instance.begin(context());
        instance.count("ItemCreated");
        instance.end();
      };

      expect(invocation).not.toThrow();
      expect(output.lines()).toContainEqual(
        expect.objectContaining({
          level: "WARN",
          message: "metric lost",
          error: expect.objectContaining({ message: "no metrics today" }),
        }),
      );
    },
  );

  it("begins an invocation without the last one's keys", () => {
    const instance = telemetry();
    instance.logger.appendKeys({ requestId: "first" });

    instance.begin(context({ awsRequestId: "second" }));
    instance.logger.info("hello");

    expect(output.lines()).toEqual([expect.objectContaining({ function_request_id: "second" })]);
    expect(output.lines()[0]).not.toHaveProperty("requestId");
  });

  it("writes nothing for an invocation without metrics", () => {
    const instance = telemetry();

    instance.begin(context());
    instance.end();

    expect(output.text()).toBe("");
  });
});
