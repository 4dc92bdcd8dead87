import path from "node:path";
import { folders } from "../folders";
import { AccessLog } from "./access-log/access-log";
import { Alarms } from "./alarms";
import { ApiUpdates } from "./api-updates";
import { DeliveryStreams } from "./delivery-streams";
import { EventInvokeConfig } from "./event-invoke-config";
import type { Gap } from "./gap";
import { LogSubscription } from "./log-subscription/log-subscription";
import { ApiMetrics } from "./metrics/api-metrics";
import { EmbeddedMetrics } from "./metrics/embedded-metrics";
import { AwsClients } from "./shared/aws-clients";
import { DeployedApis } from "./shared/deployed-apis";
import { Memory } from "./shared/memory";
import { StreamMapping } from "./stream-mapping/stream-mapping";
import { TableWrites } from "./stream-mapping/table-writes";
import { XRay } from "./x-ray/x-ray";

export interface GapsProps {
  /** The gateway's port. */
  readonly port: number;
  /** Of requests that no signature gives one. */
  readonly region: string;
  /** Where the emulator keeps its state. @default that of npm start */
  readonly running?: string;
}

/** What AWS does and the emulator does not, in the order in which one sets off the other. */
export function allGaps({ port, region, running = folders.running }: GapsProps): readonly Gap[] {
  const clients = new AwsClients(`http://127.0.0.1:${port}`);
  const memory = <T>(name: string) => new Memory<T>(path.join(running, "gateway", `${name}.json`));
  const apis = new DeployedApis(clients);
  const streamMapping = new StreamMapping(clients, memory("stream-mappings"), region);
  return [
    new Alarms(clients, memory("alarms")),
    new ApiUpdates(),
    new DeliveryStreams(memory("delivery-streams")),
    new EventInvokeConfig(clients),
    new EmbeddedMetrics(clients, memory("embedded-metrics"), region),
    new ApiMetrics(clients, apis, region),
    new AccessLog(clients, apis, region),
    new LogSubscription(clients),
    streamMapping,
    new TableWrites((written) => streamMapping.wake(written), region),
    new XRay(clients, apis, { port, region }),
  ];
}
