import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type Bundler, esbuildBundler } from "../constructs/bundle";
import { CustomDomain } from "../constructs/custom-domain";
import { CustomerKey } from "../constructs/customer-key";
import { DeadLetterQueue } from "../constructs/dead-letter-queue";
import { ItemsTable } from "../constructs/items-table";
import { bucketName, setNaming } from "../constructs/naming";
import { PrivateBucket } from "../constructs/private-bucket";
import { RestApi } from "../constructs/rest-api";
import { ServiceFunction } from "../constructs/service-function";
import { WebAcl } from "../constructs/web-acl";
import { connect } from "./connect";
import { application, type Environment } from "./environments";
import { addOutputs } from "./outputs";

export interface ServiceStackProps {
  readonly environment: Environment;
  /** How functions are bundled. @default by esbuild */
  readonly bundler?: Bundler;
}

/** One environment: an API, its functions, table, dead-letter queue, logs, alarms and artifacts. */
export class ServiceStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id);
    const { environment, bundler = esbuildBundler } = props;
    const { deletionProtection, logRetentionDays } = environment;
    setNaming(this, { ...application, application: application.name, environment: environment.name });
    connect(this, { ...environment, accountId: environment.account.id });
    new ArchiveProvider(this, "archive");

    const encryptionKey = environment.customerKey
      ? new CustomerKey(this, "encryption-key", { name: "data" })
      : undefined;
    const artifacts = new PrivateBucket(this, "artifact-bucket", {
      name: bucketName(this, "artifacts"),
      deletionProtection,
      encryptionKey,
    });
    const table = new ItemsTable(this, "items-table", { name: "items", deletionProtection, encryptionKey });
    const deadLetterQueue = new DeadLetterQueue(this, "dead-letter-queue", { name: "dlq", encryptionKey });

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
      name: "api",
      description: "Answers the items API",
      bundle: bundler("lambda-src/api/index.ts"),
      environment: { TABLE_NAME: table.name },
    });
    table.grantReadWrite(apiFunction);

    const api = new RestApi(this, "api", {
      name: "api",
      description: `Items of ${environment.name}`,
      routes: {
        "POST /items": { function: apiFunction },
        "GET /items/{id}": { function: apiFunction },
      },
      authorization: environment.authorization,
      throttle: environment.throttle,
      allowedOrigin: environment.allowedOrigin,
      trustedAccountIds: environment.trustedAccountIds ?? [],
      logRetentionDays,
      encryptionKey,
    });
    if (environment.webAcl) new WebAcl(this, "web-acl", { name: "api", stageArn: api.stage.arn });
    const domain =
      environment.domain &&
      new CustomDomain(this, "domain", {
        ...environment.domain,
        restApiId: api.id,
        stageName: api.stage.name,
      });

    addOutputs(this, {
      "api-url": domain?.url ?? api.stage.url,
      "api-id": api.id,
      "api-stage": api.stage.name,
      "api-invoke-policy-arn": api.invokePolicyArn,
      "api-function-name": apiFunction.name,
      "api-function-alias-arn": apiFunction.aliasArn,
      "api-function-log-group": apiFunction.logGroup.name,
      "table-name": table.name,
      "dead-letter-queue-url": deadLetterQueue.url,
      "artifact-bucket": artifacts.name,
      ...(domain && { "api-domain-target": domain.target }),
    });
  }
}
