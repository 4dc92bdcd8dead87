import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  type FilteredLogEvent,
  FilterLogEventsCommand,
  paginateDescribeLogGroups,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Answer, Call, Gap, RequestHead } from "../gap";
import type { AwsClients } from "../shared/aws-clients";
import { Batches } from "../shared/batches";
import { apiInvocation } from "../shared/deployed-apis";
import { functionInvocation } from "../shared/function-invocation";
import type { Memory } from "../shared/memory";
import { embeddedMetricData } from "./embedded-metric-line";

/** The lines of a log group that have been read last, each with its time. */
export type ReadLines = Readonly<Record<string, number>>;

const intervalMilliseconds = 1_000;
/** For how long after an invocation its lines, and those of what it sets off, are looked for. */
const recentMilliseconds = 10_000;
/** A line appears with a time that may lie a little before that of one that has been read. */
const lateMilliseconds = 2_000;
const linesOfOneAnswer = 10_000;

const reads = /^(?:GetMetric\w+|ListMetrics|DescribeAlarms\w*)$/;

/**
 * Log lines of the embedded metric format become metrics. MiniStack writes functions' lines by itself, past the
 * gateway, so they are read from the log groups: before metrics are, and after invocations, for the alarms' sake.
 */
export class EmbeddedMetrics implements Gap {
  readonly name = "embedded-metrics";
  private readonly invokedAt = new Map<string, number>();
  /** The last reading in each Region: they come one after another, or lines would count twice. */
  private readonly readings = new Map<string, Promise<void>>();
  private readonly rounds = new Batches<void>({
    gap: this.name,
    milliseconds: intervalMilliseconds,
    deliver: (region) => this.round(region),
  });

  constructor(
    private readonly clients: AwsClients,
    private readonly read: Memory<ReadLines>,
    private readonly defaultRegion: string,
  ) {}

  concerns(head: RequestHead): boolean {
    return readsMetrics(head) || functionInvocation.test(head.path) || apiInvocation(head) !== undefined;
  }

  async intercept(call: Call): Promise<Answer> {
    const region = call.head.region ?? this.defaultRegion;
    if (readsMetrics(call.head)) {
      await this.collect(region);
      return call.pass();
    }
    try {
      return await call.pass();
    } finally {
      this.invokedAt.set(region, Date.now());
      this.rounds.add(region);
    }
  }

  /** Counts what has been logged so far: nobody invokes any more. */
  async settle(): Promise<void> {
    this.invokedAt.clear();
    await this.rounds.settle();
  }

  private async round(region: string): Promise<void> {
    await this.collect(region);
    const age = Date.now() - (this.invokedAt.get(region) ?? 0);
    if (age < recentMilliseconds) this.rounds.add(region);
  }

  private collect(region: string): Promise<void> {
    const earlier = this.readings.get(region) ?? Promise.resolve();
    const reading = earlier.catch(() => {}).then(() => this.readGroups(region));
    this.readings.set(region, reading);
    return reading;
  }

  private async readGroups(region: string): Promise<void> {
    const pages = paginateDescribeLogGroups({ client: this.clients.logs(region) }, {});
    for await (const { logGroups = [] } of pages) {
      for (const { logGroupName = "" } of logGroups) await this.readGroup(region, logGroupName);
    }
  }

  private async readGroup(region: string, logGroupName: string): Promise<void> {
    const key = `${region}/${logGroupName}`;
    for (;;) {
      const known = this.read.get(key) ?? {};
      const newest = Math.max(0, ...Object.values(known));
      const startTime = Math.max(0, newest - lateMilliseconds);
      const page = await this.page(region, { logGroupName, startTime });
      const lines = page.filter((line) => known[idOf(line)] === undefined);
      if (lines.length === 0) return;
      for (const [Namespace, MetricData] of embeddedMetricData(lines)) {
        await this.clients.cloudWatch(region).send(new PutMetricDataCommand({ Namespace, MetricData }));
      }
      // Only once they are counted: what fails before is read again.
      const all = { ...known, ...Object.fromEntries(lines.map((line) => [idOf(line), line.timestamp ?? 0])) };
      const since = Math.max(...Object.values(all)) - lateMilliseconds;
      this.read.set(key, Object.fromEntries(Object.entries(all).filter(([, time]) => time >= since)));
    }
  }

  private async page(
    region: string,
    input: { readonly logGroupName: string; readonly startTime: number },
  ): Promise<readonly FilteredLogEvent[]> {
    const filterPattern = '"CloudWatchMetrics"';
    try {
      const { events = [] } = await this.clients
        .logs(region)
        .send(new FilterLogEventsCommand({ ...input, filterPattern, limit: linesOfOneAnswer }));
      if (events.length < linesOfOneAnswer) return events;
      // The last id may have more lines, which would be taken for read.
      const last = events.at(-1);
      return events.filter((line) => !last || idOf(line) !== idOf(last));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return [];
      throw error;
    }
  }
}

function readsMetrics({ service, action = "", headers }: RequestHead): boolean {
  // The query protocol names its action in the body.
  const isQuery = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  return service === "monitoring" && (isQuery || reads.test(action));
}

/** Lines of one invocation have no id of their own in MiniStack, but its stream, to which they come all at once. */
function idOf({ eventId, logStreamName }: FilteredLogEvent): string {
  return eventId ?? `${logStreamName}`;
}
