import { randomBytes } from "node:crypto";
import type { Exchange } from "../gap";
import type { ApiInvocation, DeployedApi, Route } from "../shared/deployed-apis";

/** Values by the names that a format gives them after `$context.`; what AWS would write as `-` is left out. */
export type AccessLogVariables = Readonly<Record<string, string | number | undefined>>;

/** Who signed a request. */
export interface Caller {
  readonly accessKey?: string | undefined;
  readonly accountId?: string | undefined;
  readonly userArn?: string | undefined;
}

export interface AccessLogEntry {
  readonly exchange: Exchange;
  readonly invocation: ApiInvocation;
  readonly region: string;
}

/** A stage's format with each `$context` variable replaced; `-` stands for one that has no value. */
export function accessLogLine(format: string, variables: AccessLogVariables): string {
  const isJson = format.trimStart().startsWith("{");
  return format.replaceAll(/\$context((?:\.\w+)+)/g, (_, path: string) => {
    const name = path.slice(1);
    const value = `${variables[name] ?? ""}` || "-";
    // The one variable that AWS gives with its quotes.
    if (!isJson || name === "error.messageString") return value.replaceAll(/[\r\n]+/g, " ");
    return JSON.stringify(value).slice(1, -1);
  });
}

/** Whether API Gateway itself answered; else the integration did. */
export function isGatewayResponse(exchange: Pick<Exchange, "answerHeaders">): boolean {
  return exchange.answerHeaders["x-amzn-errortype"] !== undefined;
}

export function accessLogVariables(
  { exchange, invocation }: AccessLogEntry,
  { stage }: DeployedApi,
  route: Route | undefined,
  caller: Caller,
): AccessLogVariables {
  const { head, answerHeaders, status, startedAt } = exchange;
  const { headers } = head;
  const integrated = route !== undefined && !isGatewayResponse(exchange);
  const integrationLatency = integrated ? Math.round(exchange.emulatorMilliseconds) : undefined;
  const message = isGatewayResponse(exchange) ? errorMessage(exchange.answerBeginning) : undefined;
  return {
    accountId: stage.accessLogSettings?.destinationArn?.split(":")[4],
    apiId: invocation.apiId,
    deploymentId: stage.deploymentId,
    domainName: headers.host,
    domainPrefix: headers.host?.split(".")[0],
    "error.message": message,
    "error.messageString": message && JSON.stringify(message),
    extendedRequestId: `${answerHeaders["x-amz-apigw-id"] ?? randomBytes(11).toString("base64")}`,
    httpMethod: head.method,
    "identity.accessKey": caller.accessKey,
    "identity.accountId": caller.accountId,
    "identity.sourceIp": exchange.sourceIp,
    "identity.userAgent": headers["user-agent"],
    "identity.userArn": caller.userArn,
    "integration.latency": integrationLatency,
    "integration.status": integrated ? status : undefined,
    integrationLatency,
    // Lambda's own answer to API Gateway, which the caller never sees.
    integrationStatus: integrated ? 200 : undefined,
    path: `/${invocation.stageName}${invocation.path}`,
    protocol: `HTTP/${exchange.httpVersion}`,
    requestId: `${answerHeaders["x-amzn-requestid"] ?? ""}`,
    requestTime: commonLogTime(new Date(startedAt)),
    requestTimeEpoch: startedAt,
    resourceId: route?.resource.id,
    resourcePath: route?.resource.path,
    responseLatency: Math.round(exchange.milliseconds),
    responseLength: exchange.answerBytes,
    stage: invocation.stageName,
    status,
    xrayTraceId: /Root=([^;]+)/.exec(`${answerHeaders["x-amzn-trace-id"]}`)?.[1],
  };
}

function errorMessage(body: string): string | undefined {
  const [, message] = /"[Mm]essage"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body) ?? [];
  return message ? JSON.parse(message) : undefined;
}

/** 10/Oct/2000:13:55:36 +0000 */
function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(time.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
