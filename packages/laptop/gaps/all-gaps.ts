import path from "node:path";
import { accessLog } from "./access-log/access-log";
import { Alarms } from "./alarms";
import { apiMetrics } from "./api-metrics/api-metrics";
import { ApiStages } from "./api-stages";
import { ApiUpdates } from "./api-updates";
import { DeliveryStreams } from "./delivery-streams";
import { EmbeddedMetrics } from "./embedded-metrics/embedded-metrics";
import { EventInvokeConfig } from "./event-invoke-config";
import type { Gap, GapSettings } from "./gap";
import { LogSubscription } from "./log-subscription/log-subscription";
import type { Ask } from "./shared/acting";
import { AwsClients } from "./shared/aws-clients";
import { DeployedApis } from "./shared/deployed-apis";
import { Memory } from "./shared/memory";
import { StreamMapping } from "./stream-mapping/stream-mapping";
import { TableWrites } from "./stream-mapping/table-writes";
import type { TracedRequests } from "./x-ray/traced-requests";
import { XRay } from "./x-ray/x-ray";

export interface GapsProps extends GapSettings {
  /** The gateway's port. */
  readonly port: number;
  /** The emulator's state folder. */
  readonly running: string;
  readonly ask: Ask;
  /** Gets every request through an API, and every invocation. */
  readonly requests: TracedRequests;
}

/** Every gap, in an order in which each one's calls are seen by those after it. */
export function allGaps({ port, running, ask, requests, ...settings }: GapsProps): readonly Gap[] {
  const { region, report } = settings;
  const clients = new AwsClients(`http://127.0.0.1:${port}`, ask);
  const memory = <T>(name: string) => new Memory<T>(path.join(running, "gateway", `${name}.json`));
  const apis = new DeployedApis(clients);
  const streamMapping = new StreamMapping(clients, memory("stream-mappings"), settings);
  return [
    new Alarms(clients, memory("alarms")),
    new ApiStages(),
    new ApiUpdates(),
    new DeliveryStreams(memory("delivery-streams")),
    new EventInvokeConfig(clients, report),
    new EmbeddedMetrics(clients, memory("embedded-metrics"), settings),
    apiMetrics(clients, apis, settings),
    accessLog(clients, apis, settings),
    new LogSubscription(clients, report),
    streamMapping,
    new TableWrites((written) => streamMapping.wake(written), region),
    new XRay(clients, apis, { port, region, report, requests }),
  ];
}
