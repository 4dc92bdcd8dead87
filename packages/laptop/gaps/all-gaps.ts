import path from "node:path";
import type { RefusalListener } from "../service-models/service-models";
import { serviceModels } from "../service-models/service-models";
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
import { AwsClients } from "./shared/aws-clients";
import { DeployedApis } from "./shared/deployed-apis";
import { Memory } from "./shared/memory";
import { StreamMapping } from "./stream-mapping/stream-mapping";
import { TableWrites } from "./stream-mapping/table-writes";
import { XRay } from "./x-ray/x-ray";

export interface GapsProps extends GapSettings {
  /** The gateway's port. */
  readonly port: number;
  /** The emulator's state folder. */
  readonly running: string;
  /** Called for each request that is refused because it breaks AWS's service models. */
  readonly onRefusal?: RefusalListener | undefined;
  /** Whether requests are held to AWS's service models. @default true */
  readonly models?: boolean | undefined;
}

/** Every gap, in an order in which each one's calls are seen by those after it. */
export function allGaps({ port, running, onRefusal, models = true, ...settings }: GapsProps): readonly Gap[] {
  const { region, report } = settings;
  const clients = new AwsClients(`http://127.0.0.1:${port}`);
  const memory = <T>(name: string) => new Memory<T>(path.join(running, "gateway", `${name}.json`));
  const apis = new DeployedApis(clients);
  const streamMapping = new StreamMapping(clients, memory("stream-mappings"), settings);
  return [
    ...(models ? [serviceModels(onRefusal)] : []),
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
    new XRay(clients, apis, { port, region, report }),
  ];
}
