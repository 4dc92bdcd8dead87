import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  type FilteredLogEvent,
  FilterLogEventsCommand,
  paginateDescribeLogGroups,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Answer, Call, Gap, GapSettings, RequestHead } from "../gap";
import type { AwsClients } from "../shared/aws-clients";
import { Batches } from "../shared/batches";
import { isQuery, readCall } from "../shared/cloud-watch-call";
import { apiInvocation } from "../shared/deployed-apis";
import { functionInvocation } from "../shared/function-invocation";
import type { Memory } from "../shared/memory";
import { embeddedMetricData } from "./embedded-metric-line";

/** The last lines read from a log group: their times, by id. */
export type ReadLines = Readonly<Record<string, number>>;

const intervalMilliseconds = 1_000;
/** How long to look for lines after an invocation, including those of functions that it triggers. */
const recentMilliseconds = 10_000;
/** A line can appear late, with an earlier time than a line that has been read already. */
const lateMilliseconds = 2_000;
/** CloudWatch Logs' maximum. */
const linesPerPage = 10_000;

const reads = /^(?:GetMetric\w+|ListMetrics|DescribeAlarm\w+)$/;

/**
 * Turns log lines of the embedded metric format into metrics. MiniStack writes functions' lines without going through the
 * gateway, so this gap reads them from the log groups: before metrics are read or alarms evaluated, and after invocations.
 */
export class EmbeddedMetrics implements Gap {
  readonly name = "embedded-metrics";
  private readonly invokedAt = new Map<string, number>();
  /** The last reading in each Region. Readings must not overlap, or lines would be counted twice. */
  private readonly readings = new Map<string, Promise<void>>();
  /** A reading in each Region that has not begun: it serves everyone who asks for one until then. */
  private readonly waiting = new Map<string, Promise<void>>();
  private readonly rounds = new Batches<void>({
    milliseconds: intervalMilliseconds,
    deliver: (region) => this.round(region),
    failed: (error) => void this.settings.report(this.name, error),
  });

  constructor(
    private readonly clients: AwsClients,
    private readonly read: Memory<ReadLines>,
    private readonly settings: GapSettings,
  ) {}

  claims(head: RequestHead): boolean {
    return mayReadMetrics(head) || functionInvocation.test(head.path) || apiInvocation(head) !== undefined;
  }

  async intercept(call: Call): Promise<Answer> {
    const region = call.head.region ?? this.settings.region;
    if (mayReadMetrics(call.head)) {
      if (reads.test(readCall(call).action)) await this.collect(region);
      return call.pass();
    }
    try {
      return await call.pass();
    } finally {
      this.invokedAt.set(region, Date.now());
      this.rounds.add(region);
    }
  }

  /** Counts what has been logged so far. There are no further invocations to wait for. */
  async settle(): Promise<void> {
    this.invokedAt.clear();
    await this.rounds.settle();
  }

  private async round(region: string): Promise<void> {
    await this.collect(region);
    const age = Date.now() - (this.invokedAt.get(region) ?? 0);
    if (age < recentMilliseconds) this.rounds.add(region);
  }

  /** Counts what has been logged in a Region until now. */
  collect(region: string): Promise<void> {
    const waiting = this.waiting.get(region);
    if (waiting) return waiting;
    const earlier = this.readings.get(region) ?? Promise.resolve();
    const reading = earlier
      .catch(() => {})
      .then(() => {
        this.waiting.delete(region);
        return this.readGroups(region);
      });
    this.waiting.set(region, reading);
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
      // Only after they have been counted: if that fails, they are read again.
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
        .send(new FilterLogEventsCommand({ ...input, filterPattern, limit: linesPerPage }));
      if (events.length < linesPerPage) return events;
      // The next page may have more lines with the last id; they would be taken for lines already read.
      const last = events.at(-1);
      return events.filter((line) => !last || idOf(line) !== idOf(last));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return [];
      throw error;
    }
  }
}

/** In the query protocol, the action is in the body. */
function mayReadMetrics(head: RequestHead): boolean {
  return head.service === "monitoring" && (isQuery(head) || reads.test(head.action ?? ""));
}

/** MiniStack gives lines of an invocation no ids, but writes them all at once to a log stream of the invocation's own. */
function idOf({ eventId, logStreamName }: FilteredLogEvent): string {
  return eventId ?? `${logStreamName}`;
}
