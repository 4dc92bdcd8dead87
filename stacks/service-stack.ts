import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { AccessLogDelivery } from "../constructs/access-log-delivery";
import { AlarmTopic } from "../constructs/alarm-topic";
import { type Bundler, esbuildBundler } from "../constructs/bundle";
import { CustomDomain } from "../constructs/custom-domain";
import { CustomerKey } from "../constructs/customer-key";
import { Dashboard } from "../constructs/dashboard";
import { DeadLetterQueue } from "../constructs/dead-letter-queue";
import { EventBus } from "../constructs/event-bus";
import { ItemsTable } from "../constructs/items-table";
import { LogBucket } from "../constructs/log-bucket";
import { MonthlyBudget } from "../constructs/monthly-budget";
import { bucketName, setNaming } from "../constructs/naming";
import { PrivateBucket } from "../constructs/private-bucket";
import { rateWindowSeconds } from "../constructs/rate-window-seconds";
import { RestApi } from "../constructs/rest-api";
import { ServiceAlarms } from "../constructs/service-alarms";
import { ServiceFunction } from "../constructs/service-function";
import { TableStreamMapping } from "../constructs/table-stream-mapping";
import { WebAcl } from "../constructs/web-acl";
import type { CountName } from "../lambda-src/runtime/metric-names";
import { streamFilterPattern } from "../lambda-src/stream/stream-filter";
import { Guardrails } from "../packages/guardrails/guardrails";
import { promise } from "../packages/guardrails/promise";
import { connect } from "./connect";
import { application, type Environment, type FunctionSettings } from "./environments";
import { guardrails } from "./guardrails";
import { itemsRoutes } from "./items-routes";
import { addOutputs } from "./outputs";

/** The functions' own metrics, in the order that the dashboard shows them. */
const businessMetrics: readonly (CountName | "ColdStart")[] = [
  "ItemCreated",
  "ItemChanged",
  "ItemRemoved",
  "Conflict",
  "IdempotentReplay",
  "EventPublished",
  "RecordFailed",
  "ColdStart",
];

export interface ServiceStackProps {
  readonly environment: Environment;
  /** How functions are bundled. @default with esbuild */
  readonly bundler?: Bundler;
}

/** One environment: an API, its functions, table, dead-letter queue, logs, alarms and artifacts. */
export class ServiceStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id);
    const { environment, bundler = esbuildBundler } = props;
    const { deletionProtection, logRetentionDays } = environment;
    setNaming(this, { ...application, application: application.name, environment: environment.name });
    connect(this, environment);
    promise(new ArchiveProvider(this, "archive"), "it makes the functions' packages, as tested", [
      "terraform.required_providers.archive",
      "provider.archive",
    ]);
    Guardrails.apply(this, guardrails(environment));

    const encryptionKey = environment.customerKey
      ? new CustomerKey(this, "encryption-key", { name: "data" })
      : undefined;
    const artifacts = new PrivateBucket(this, "artifact-bucket", {
      name: bucketName(this, "artifacts"),
      deletionProtection,
      encryptionKey,
      // Old versions are packages that no function runs any more.
      keepOldVersionsDays: 30,
    });
    const table = new ItemsTable(this, "items-table", { name: "items", deletionProtection, encryptionKey });
    const deadLetterQueue = new DeadLetterQueue(this, "dead-letter-queue", { name: "dlq", encryptionKey });

    const reservation = ({ reservedConcurrency }: FunctionSettings) =>
      environment.reserveConcurrency ? reservedConcurrency : undefined;
    const functionDefaults = {
      artifacts,
      deadLetterQueue,
      logLevel: environment.logLevel,
      logRetentionDays,
      encryptionKey,
    };
    const apiFunction = new ServiceFunction(this, "api-function", {
      ...functionDefaults,
      ...environment.apiFunction,
      reservedConcurrency: reservation(environment.apiFunction),
      name: "api",
      description: "Serves the items API",
      bundle: bundler("lambda-src/api/index.ts"),
      environment: {
        TABLE_NAME: table.name,
        ...(environment.allowedOrigin && { ALLOWED_ORIGIN: environment.allowedOrigin }),
      },
    });
    table.grantReadWrite(apiFunction);

    const bus = new EventBus(this, "event-bus", { name: "items", description: "Item changes" });
    const streamFunction = new ServiceFunction(this, "stream-function", {
      ...functionDefaults,
      ...environment.streamFunction,
      reservedConcurrency: reservation(environment.streamFunction),
      name: "stream",
      description: "Publishes item changes",
      bundle: bundler("lambda-src/stream/index.ts"),
      environment: { EVENT_BUS_NAME: bus.name },
    });
    bus.grantPublish(streamFunction);
    new TableStreamMapping(this, "stream-mapping", {
      table,
      function: streamFunction,
      deadLetterQueue,
      filterPatterns: [streamFilterPattern],
    });

    const api = new RestApi(this, "api", {
      name: "api",
      description: `Items of ${environment.name}`,
      routes: itemsRoutes(apiFunction),
      authorization: environment.authorization,
      throttle: environment.throttle,
      allowedOrigin: environment.allowedOrigin,
      trustedAccountIds: environment.trustedAccountIds ?? [],
      logRetentionDays,
      encryptionKey,
    });
    if (environment.webAcl) {
      const { throttle, webAcl } = environment;
      new WebAcl(this, "web-acl", {
        requestsPerAddress: throttle.requestsPerSecond * rateWindowSeconds,
        ...(typeof webAcl === "object" && webAcl),
        name: "api",
        stageArn: api.stage.arn,
      });
    }
    const domain =
      environment.domain &&
      new CustomDomain(this, "domain", {
        ...environment.domain,
        restApiId: api.id,
        stageName: api.stage.createdName,
      });

    const logBucket = new LogBucket(this, "log-bucket", { name: "access-logs", deletionProtection });
    const delivery = new AccessLogDelivery(this, "access-log-delivery", {
      name: "access-log",
      api,
      bucket: logBucket,
      logRetentionDays,
      encryptionKey,
    });

    const observed = { api, streamFunction, table, deadLetterQueue, delivery };
    const alarmTopic = new AlarmTopic(this, "alarm-topic", {
      name: "alarms",
      emails: environment.alarmEmails ?? [],
      encryptionKey,
    });
    const alarms = new ServiceAlarms(this, "alarms", {
      ...observed,
      topic: alarmTopic,
      thresholds: environment.alarms,
      functions: { "api-function": apiFunction, "stream-function": streamFunction },
    });
    new Dashboard(this, "dashboard", {
      ...observed,
      name: "overview",
      region: environment.region,
      functions: [apiFunction, streamFunction],
      alarms,
      businessMetrics,
    });
    if (environment.budget) new MonthlyBudget(this, "budget", { ...environment.budget, name: "monthly" });

    addOutputs(this, {
      "api-url": domain?.url ?? api.stage.url,
      "api-id": api.id,
      "api-stage": api.stage.name,
      "api-invoke-policy-arn": api.invokePolicyArn,
      "api-function-name": apiFunction.name,
      "api-function-alias-arn": apiFunction.aliasArn,
      "api-function-log-group": apiFunction.logGroup.name,
      "stream-function-name": streamFunction.name,
      "stream-function-log-group": streamFunction.logGroup.name,
      "table-name": table.name,
      "event-bus-name": bus.name,
      "dead-letter-queue-url": deadLetterQueue.url,
      "artifact-bucket": artifacts.name,
      "log-bucket": logBucket.name,
      "access-log-group": api.stage.accessLog.name,
      "alarm-topic-arn": alarmTopic.arn,
      ...(domain && { "api-domain-target": domain.target }),
    });
  }
}
