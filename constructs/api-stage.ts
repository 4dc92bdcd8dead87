import { ApiGatewayMethodSettings } from "@cdktf/provider-aws/lib/api-gateway-method-settings";
import { ApiGatewayStage } from "@cdktf/provider-aws/lib/api-gateway-stage";
import { Construct } from "constructs";
import { accessLogFormat } from "./access-log-format";
import type { CustomerKey } from "./customer-key";
import { LogGroup } from "./log-group";
import { namingOf, physicalName } from "./naming";

export interface ApiThrottle {
  /** 1 to 10,000 requests a second, the quota of an account and Region. */
  readonly requestsPerSecond: number;
  /** 1 to 5,000 requests at once. */
  readonly burst: number;
}

export interface ApiStageProps {
  /** The API's name without prefix and environment suffix. */
  readonly apiName: string;
  readonly restApiId: string;
  readonly deploymentId: string;
  readonly throttle: ApiThrottle;
  readonly logRetentionDays: number;
  readonly encryptionKey?: CustomerKey | undefined;
}

/**
 * The stage of an API, named after the environment: traced by X-Ray, measured by method, throttled, with an access
 * log and an execution log that holds errors and no request data. Both log groups are there before the stage, as
 * API Gateway would else make the second one itself and keep it for ever.
 */
export class ApiStage extends Construct {
  readonly name: string;
  readonly arn: string;
  /** Where the stage answers on AWS, without a trailing slash. */
  readonly url: string;
  readonly accessLog: LogGroup;
  readonly executionLog: LogGroup;

  constructor(scope: Construct, id: string, props: ApiStageProps) {
    super(scope, id);
    const { restApiId, encryptionKey, logRetentionDays: retentionDays } = props;
    this.name = namingOf(this).environment;
    this.accessLog = new LogGroup(this, "access-log", {
      // Below /aws/vendedlogs/ a group takes no room in the account's one policy for log delivery.
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
    new ApiGatewayMethodSettings(this, "method-settings", {
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
    this.arn = stage.arn;
    this.url = stage.invokeUrl;
  }
}
