import { createHash } from "node:crypto";
import {
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Exchange, Gap, RequestHead } from "../gap";
import type { AwsClients } from "../shared/aws-clients";
import { Batches } from "../shared/batches";
import { apiInvocation, type DeployedApis, routeOf } from "../shared/deployed-apis";
import { type AccessLogEntry, accessLogLine, accessLogVariables, type Caller } from "./access-log-line";

const batchMilliseconds = 100;

/** Writes a line a request through a REST API to the log group that its stage names, in the stage's format. */
export class AccessLog implements Gap {
  readonly name = "access-log";
  private readonly callers = new Map<string, Caller>();
  private readonly entries = new Batches<AccessLogEntry>({
    gap: this.name,
    milliseconds: batchMilliseconds,
    deliver: (_, entries) => this.write(entries),
  });

  constructor(
    private readonly clients: AwsClients,
    private readonly apis: DeployedApis,
    private readonly defaultRegion: string,
  ) {}

  concerns(head: RequestHead): boolean {
    return apiInvocation(head) !== undefined;
  }

  observe(exchange: Exchange): void {
    const invocation = apiInvocation(exchange.head);
    if (!invocation) return;
    const region = exchange.head.region ?? this.defaultRegion;
    const { apiId, stageName } = invocation;
    this.entries.add(`${region}/${apiId}/${stageName}`, { exchange, invocation, region });
  }

  settle(): Promise<void> {
    return this.entries.settle();
  }

  private async write(entries: readonly AccessLogEntry[]): Promise<void> {
    const [{ region, invocation } = {}] = entries;
    if (!region || !invocation) return;
    const api = await this.apis.find(region, invocation.apiId, invocation.stageName);
    const { format, destinationArn } = api?.stage.accessLogSettings ?? {};
    const [, logGroupName] = /:log-group:([^:]+)/.exec(destinationArn ?? "") ?? [];
    if (!api || !format || !logGroupName) return;
    const chronological = entries.toSorted((one, other) => one.exchange.startedAt - other.exchange.startedAt);
    const lines = chronological.map(async (entry): Promise<InputLogEvent> => {
      const { head, startedAt } = entry.exchange;
      const route = routeOf(api.resources, head.method, entry.invocation.path);
      const variables = accessLogVariables(entry, api, route, await this.caller(head));
      return { timestamp: startedAt, message: accessLogLine(format, variables) };
    });
    const logStreamName = createHash("md5")
      .update(`${invocation.apiId}/${invocation.stageName}`)
      .digest("hex");
    await this.put(region, { logGroupName, logStreamName }, await Promise.all(lines));
  }

  private async put(
    region: string,
    stream: { readonly logGroupName: string; readonly logStreamName: string },
    logEvents: InputLogEvent[],
  ): Promise<void> {
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

  private async caller({ headers }: RequestHead): Promise<Caller> {
    const [, credential, accessKey = ""] =
      /Credential=(([^/]+)[^,]+)/.exec(headers.authorization ?? "") ?? [];
    if (!credential) return {};
    const caller = this.callers.get(accessKey) ?? (await this.askCaller(credential));
    this.callers.set(accessKey, caller);
    return caller;
  }

  /** Whom the emulator takes the caller to be. */
  private async askCaller(credential: string): Promise<Caller> {
    const [accessKey, date, region] = credential.split("/");
    const scope = `${accessKey}/${date}/${region}/sts/aws4_request`;
    const response = await fetch(this.clients.endpoint, {
      method: "POST",
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
      body: new URLSearchParams({ Action: "GetCallerIdentity", Version: "2011-06-15" }),
    });
    const xml = await response.text();
    return {
      accessKey,
      userArn: /<Arn>([^<]+)/.exec(xml)?.[1],
      accountId: /<Account>([^<]+)/.exec(xml)?.[1],
    };
  }
}
