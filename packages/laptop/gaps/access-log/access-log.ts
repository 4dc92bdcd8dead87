import { createHash } from "node:crypto";
import {
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Gap, GapSettings, RequestHead } from "../gap";
import { type ApiRequests, apiRequestsGap } from "../shared/api-requests";
import type { AwsClients } from "../shared/aws-clients";
import type { DeployedApis } from "../shared/deployed-apis";
import { accessLogLine, accessLogVariables, type Caller } from "./access-log-line";

/** API Gateway's access log: one line per request, in the stage's format, in the log group that the stage names. */
export function accessLog(clients: AwsClients, apis: DeployedApis, settings: GapSettings): Gap {
  const writer = new AccessLogWriter(clients);
  return apiRequestsGap({
    ...settings,
    apis,
    name: "access-log",
    deliver: (requests) => writer.write(requests),
  });
}

interface LogStream {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

class AccessLogWriter {
  /** By access key. */
  private readonly callers = new Map<string, Caller>();

  constructor(private readonly clients: AwsClients) {}

  async write({ region, api, requests }: ApiRequests): Promise<void> {
    const { format, destinationArn } = api.stage.accessLogSettings ?? {};
    const [, logGroupName] = /:log-group:([^:]+)/.exec(destinationArn ?? "") ?? [];
    const [{ invocation } = {}] = requests;
    if (!format || !logGroupName || !invocation) return;
    const chronological = requests.toSorted(
      (one, other) => one.exchange.startedAt - other.exchange.startedAt,
    );
    const lines = chronological.map(async (request): Promise<InputLogEvent> => {
      const { head, startedAt } = request.exchange;
      const variables = accessLogVariables(request, api, await this.caller(head));
      return { timestamp: startedAt, message: accessLogLine(format, variables) };
    });
    const logStreamName = createHash("md5")
      .update(`${invocation.apiId}/${invocation.stageName}`)
      .digest("hex");
    await this.put(region, { logGroupName, logStreamName }, await Promise.all(lines));
  }

  private async put(region: string, stream: LogStream, logEvents: InputLogEvent[]): Promise<void> {
    const logs = this.clients.logs(region);
    const put = new PutLogEventsCommand({ ...stream, logEvents });
    try {
      await logs.send(put);
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      await logs.send(new CreateLogStreamCommand(stream)).catch((failure: unknown) => {
        if (!(failure instanceof ResourceAlreadyExistsException)) throw failure;
      });
      await logs.send(put);
    }
  }

  private async caller({ headers, query }: RequestHead): Promise<Caller> {
    const credential =
      query.get("X-Amz-Credential") ?? /Credential=([^,]+)/.exec(headers.authorization ?? "")?.[1];
    const [accessKey] = credential?.split("/") ?? [];
    if (!accessKey) return {};
    const caller = this.callers.get(accessKey) ?? (await this.askCaller(accessKey));
    this.callers.set(accessKey, caller);
    return caller;
  }

  private async askCaller(accessKey: string): Promise<Caller> {
    const known = await this.clients.ask(`callers/${accessKey}`);
    return { accessKey, ...(known && JSON.parse(known)) };
  }
}
