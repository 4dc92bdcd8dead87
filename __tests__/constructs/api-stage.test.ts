import { accessLogFormat } from "../../constructs/access-log-format";
import { ApiStage } from "../../constructs/api-stage";
import { CustomerKey } from "../../constructs/customer-key";
import { synthesizeStack } from "../support/synthesize";

const apiStage = (withKey = false) =>
  synthesizeStack((stack) => {
    new ApiStage(stack, "stage", {
      apiName: "api",
      restApiId: "an-api",
      deploymentId: "a-deployment",
      throttle: { requestsPerSecond: 100, burst: 200 },
      logRetentionDays: 14,
      ...(withKey && { encryptionKey: new CustomerKey(stack, "key", { name: "data" }) }),
    });
  });

describe("ApiStage", () => {
  it("is named after the environment, is traced, and passes the environment to its integrations", () => {
    const stack = apiStage();

    const stage = stack.only("aws_api_gateway_stage");

    expect(stage.attributes).toMatchObject({
      rest_api_id: "an-api",
      deployment_id: "a-deployment",
      stage_name: "test",
      variables: { environment: "test" },
      xray_tracing_enabled: true,
    });
  });

  it("has metrics for every method, logs errors without data, and throttles", () => {
    const stack = apiStage();

    const settings = stack.only("aws_api_gateway_method_settings");

    expect(settings.attributes).toEqual({
      rest_api_id: "an-api",
      stage_name: stack.only("aws_api_gateway_stage").ref("stage_name"),
      method_path: "*/*",
      settings: {
        metrics_enabled: true,
        logging_level: "ERROR",
        data_trace_enabled: false,
        throttling_rate_limit: 100,
        throttling_burst_limit: 200,
      },
    });
  });

  it("logs each request to a log group with a retention", () => {
    const stack = apiStage();

    const logGroup = stack.at("aws_cloudwatch_log_group", "access-log/group");
    const stage = stack.only("aws_api_gateway_stage");

    const [settings] = [stage.attributes.access_log_settings].flat();
    const { destination_arn: destination, format } = settings as Record<string, string>;
    expect(destination).toBe(logGroup.ref("arn"));
    expect(logGroup.attributes).toEqual({
      name: "/aws/vendedlogs/apigateway/shop-api-test",
      retention_in_days: 14,
    });
    expect(format).toBe(accessLogFormat);
  });

  it("is created after its execution log, so API Gateway does not create one that keeps lines forever", () => {
    const stack = apiStage();

    const logGroup = stack.at("aws_cloudwatch_log_group", "execution-log/group");

    expect(logGroup.attributes).toEqual({
      name: "API-Gateway-Execution-Logs_an-api/test",
      retention_in_days: 14,
    });
    expect(stack.only("aws_api_gateway_stage").attributes.depends_on).toEqual([logGroup.address]);
  });

  it("encrypts both logs with the customer-managed key", () => {
    const stack = apiStage(true);

    const keys = stack.resources("aws_cloudwatch_log_group").map(({ attributes }) => attributes.kms_key_id);

    const policy = stack.only("aws_kms_key_policy").ref("key_id").slice(2, -1);
    expect(keys).toEqual([expect.stringContaining(policy), expect.stringContaining(policy)]);
  });
});
