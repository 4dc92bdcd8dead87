import { randomBytes } from "node:crypto";
import { isGatewayResponse, isIntegrated } from "../shared/api-answer";
import type { ApiRequest } from "../shared/api-requests";
import type { DeployedApi } from "../shared/deployed-apis";

/** Values by their names in a format, without `$context.`. Those that AWS would write as `-` are undefined. */
export type AccessLogVariables = Readonly<Record<string, string | number | undefined>>;

/** Who signed a request. Empty if nobody did. */
export interface Caller {
  readonly accessKey?: string | undefined;
  readonly accountId?: string | undefined;
  readonly userArn?: string | undefined;
}

/** A stage's format with each `$context` variable replaced by its value, or by `-` if it has none. */
export function accessLogLine(format: string, variables: AccessLogVariables): string {
  const isJson = format.trimStart().startsWith("{");
  return format.replaceAll(/\$context((?:\.\w+)+)/g, (_, path: string) => {
    const name = path.slice(1);
    const value = `${variables[name] ?? ""}` || "-";
    // The only variable that AWS writes with its own quotes.
    if (!isJson || name === "error.messageString") return value.replaceAll(/[\r\n]+/g, " ");
    return JSON.stringify(value).slice(1, -1);
  });
}

export function accessLogVariables(
  { exchange, invocation, route }: ApiRequest,
  { stage }: DeployedApi,
  caller: Caller,
): AccessLogVariables {
  const { head, answerHeaders, status, startedAt } = exchange;
  const { headers } = head;
  const integrated = route !== undefined && isIntegrated(exchange);
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
    // The status of Lambda's response to API Gateway. The caller never sees it.
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
  const [, message] = /"(?:[Mm]essage|detail)"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body) ?? [];
  return message ? JSON.parse(message) : undefined;
}

/** Common Log Format: 10/Oct/2000:13:55:36 +0000 */
function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(time.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
