import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { Construct } from "constructs";
import { promise } from "../packages/guardrails/promise";
import { accessLogFormat } from "./access-log-format";
import type { CustomerKey } from "./customer-key";
import { LogGroup } from "./log-group";
import type { LogRetentionDays } from "./log-retention";
import { namingOf, physicalName } from "./naming";

export interface ApiThrottle {
  /** 1 to 10,000, the quota of an account and Region. */
  readonly requestsPerSecond: number;
  /** 1 to 5,000 requests at the same time. */
  readonly burst: number;
}

export interface ApiStageProps {
  /** The API's name without prefix and environment suffix. */
  readonly apiName: string;
  readonly restApiId: string;
  readonly deploymentId: string;
  readonly throttle: ApiThrottle;
  readonly logRetentionDays: LogRetentionDays;
  readonly encryptionKey?: CustomerKey | undefined;
}

/**
 * The stage of an API, named after the environment: traced by X-Ray, with metrics per method, throttled, with an access
 * log, and with an execution log that records errors but no request data. Both log groups are created before the stage.
 * Otherwise API Gateway would create the execution log's group itself, without a retention.
 */
export class ApiStage extends Construct {
  readonly name: string;
  /** The same name, as a reference: Terraform creates the stage before whatever uses it. */
  readonly createdName: string;
  readonly arn: string;
  /** URL of the stage on AWS, without a trailing slash. */
  readonly url: string;
  readonly accessLog: LogGroup;
  readonly executionLog: LogGroup;

  constructor(scope: Construct, id: string, props: ApiStageProps) {
    super(scope, id);
    const { restApiId, encryptionKey, logRetentionDays: retentionDays } = props;
    this.name = namingOf(this).environment;
    this.accessLog = new LogGroup(this, "access-log", {
      // Groups under /aws/vendedlogs/ take up no space in the account's single resource policy for log delivery.
      name: `/aws/vendedlogs/apigateway/${physicalName(this, props.apiName)}`,
      retentionDays,
      encryptionKey,
    });
    this.executionLog = new LogGroup(this, "execution-log", {
      name: `API-Gateway-Execution-Logs_${restApiId}/${this.name}`,
      retentionDays,
      encryptionKey,
    });
    const stage = new ApiGatewayStage(this, "stage", {
      restApiId,
      deploymentId: props.deploymentId,
      stageName: this.name,
      description: `Serves ${this.name}`,
      variables: { environment: this.name },
      xrayTracingEnabled: true,
      accessLogSettings: { destinationArn: this.accessLog.arn, format: accessLogFormat },
      dependsOn: [this.executionLog.group],
    });
    const settings = new ApiGatewayMethodSettings(this, "method-settings", {
      restApiId,
      stageName: stage.stageName,
      methodPath: "*/*",
      settings: {
        metricsEnabled: true,
        loggingLevel: "ERROR",
        dataTraceEnabled: false,
        throttlingRateLimit: props.throttle.requestsPerSecond,
        throttlingBurstLimit: props.throttle.burst,
      },
    });
    promise(
      stage,
      "callers, logs and metrics find the stage by its name, and it serves this API's deployment",
      [
        "rest_api_id",
        "deployment_id",
        "stage_name",
        "variables",
        "xray_tracing_enabled",
        "access_log_settings",
      ],
    );
    promise(settings, "requests are throttled, measured and logged, without their bodies", [
      "rest_api_id",
      "stage_name",
      "method_path",
      "settings",
    ]);
    this.arn = stage.arn;
    this.createdName = stage.stageName;
    this.url = stage.invokeUrl;
  }
}
