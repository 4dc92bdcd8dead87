import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { defaultAccount } from "../account";
import type { RefusalListener } from "../service-models/service-models";
import { serviceModels } from "../service-models/service-models";
import { accessLog } from "./access-log/access-log";
import { Alarms } from "./alarms/alarms";
import { apiMetrics } from "./api-metrics/api-metrics";
import { ApiStages } from "./api-stages";
import { ApiUpdates } from "./api-updates";
import { CloudWatchCbor } from "./cloud-watch-cbor";
import { DeliveryStreams } from "./delivery-streams";
import { EmbeddedMetrics } from "./embedded-metrics/embedded-metrics";
import { EventInvokeConfig } from "./event-invoke-config";
import type { Gap, GapSettings } from "./gap";
import { LogSubscription } from "./log-subscription/log-subscription";
import type { Ask } from "./shared/acting";
import { AwsClients, rootOf } from "./shared/aws-clients";
import { DeployedApis } from "./shared/deployed-apis";
import { Memory } from "./shared/memory";
import { PatchedEmulator } from "./shared/patched-emulator";
import { StreamMapping } from "./stream-mapping/stream-mapping";
import { TableWrites } from "./stream-mapping/table-writes";
import type { TracedRequests } from "./x-ray/traced-requests";
import { XRay } from "./x-ray/x-ray";

export interface GapsProps extends GapSettings {
  /** The account whose calls the gaps see. */
  readonly account: string;
  /** The gateway's port. */
  readonly port: number;
  /** The emulator's own port; undefined while it restarts. */
  emulatorPort(): number | undefined;
  /** The emulator's state folder. */
  readonly running: string;
  readonly ask: Ask;
  /** Gets every request through an API, and every invocation. */
  readonly requests: TracedRequests;
  /** Called for each request that is refused because it breaks AWS's service models. */
  readonly onRefusal?: RefusalListener | undefined;
  /** Whether requests are held to AWS's service models. @default true */
  readonly models?: boolean | undefined;
}

const accountsFolder = "accounts";

/** Accounts besides the default one whose gaps have something to remember. */
export function knownAccounts(running: string): readonly string[] {
  const folder = path.join(running, "gateway", accountsFolder);
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Every gap of one account, in an order in which each one's calls are seen by those after it. */
export function allGaps({
  account,
  port,
  emulatorPort,
  running,
  ask,
  requests,
  onRefusal,
  models = true,
  ...settings
}: GapsProps): readonly Gap[] {
  const { region, report } = settings;
  const clients = new AwsClients(`http://127.0.0.1:${port}`, ask, rootOf(account));
  const folder = account === defaultAccount ? "" : path.join(accountsFolder, account);
  const memory = <T>(name: string) => new Memory<T>(path.join(running, "gateway", folder, `${name}.json`));
  const apis = new DeployedApis(clients);
  const embeddedMetrics = new EmbeddedMetrics(clients, memory("embedded-metrics"), settings);
  const streamMapping = new StreamMapping(clients, memory("stream-mappings"), settings);
  return [
    ...(models ? [serviceModels(onRefusal)] : []),
    new CloudWatchCbor(),
    new ApiStages(),
    new ApiUpdates(),
    new DeliveryStreams(memory("delivery-streams")),
    new EventInvokeConfig(clients, report),
    embeddedMetrics,
    apiMetrics(clients, apis, settings),
    // After the gaps whose metrics it evaluates.
    new Alarms({
      ...settings,
      account,
      clients,
      emulator: new PatchedEmulator(emulatorPort, account),
      collect: (of) => embeddedMetrics.collect(of),
      alarms: memory("alarms"),
      states: memory("alarm-states"),
    }),
    accessLog(clients, apis, settings),
    new LogSubscription(clients, report),
    streamMapping,
    new TableWrites((written) => streamMapping.wake(written), region),
    // X-Ray's daemon has one address, so there is one store of traces.
    ...(account === defaultAccount ? [new XRay(clients, apis, { port, region, report, requests })] : []),
  ];
}
