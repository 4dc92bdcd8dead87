import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type Bundler, esbuildBundler } from "../constructs/bundle";
import { DeadLetterQueue } from "../constructs/dead-letter-queue";
import { ItemsTable } from "../constructs/items-table";
import { setNaming } from "../constructs/naming";
import { PrivateBucket } from "../constructs/private-bucket";
import { RestApi } from "../constructs/rest-api";
import { ServiceFunction } from "../constructs/service-function";
import { connect } from "./connect";
import { application, type Environment } from "./environments";

export interface ServiceStackProps {
  readonly environment: Environment;
  /** How functions are bundled. @default by esbuild */
  readonly bundler?: Bundler;
}

/** One environment: an API, its function, table, dead-letter queue and artifacts. */
export class ServiceStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id);
    const { environment, bundler = esbuildBundler } = props;
    setNaming(this, { ...application, application: application.name, environment: environment.name });
    connect(this, environment);
    new ArchiveProvider(this, "archive");

    const artifacts = new PrivateBucket(this, "artifact-bucket", {
      name: "artifacts",
      forceDestroy: !environment.deletionProtection,
    });
    const table = new ItemsTable(this, "items-table", {
      name: "items",
      deletionProtection: environment.deletionProtection,
    });
    const deadLetterQueue = new DeadLetterQueue(this, "dead-letter-queue", { name: "dlq" });

    const apiFunction = new ServiceFunction(this, "api-function", {
      name: "api",
      description: "Answers the items API",
      bundle: bundler("lambda-src/api/index.ts"),
      artifacts,
      deadLetterQueue,
      environment: { TABLE_NAME: table.name },
      ...environment.apiFunction,
      logLevel: environment.logLevel,
      logRetentionDays: environment.logRetentionDays,
    });
    table.grantReadWrite(apiFunction);

    const api = new RestApi(this, "api", {
      name: "api",
      description: `Items of ${environment.name}`,
      logRetentionDays: environment.logRetentionDays,
      routes: {
        "POST /items": apiFunction,
        "GET /items/{id}": apiFunction,
      },
    });

    this.output("api-url", api.url);
    this.output("api-id", api.id);
    this.output("api-stage", api.stageName);
    this.output("api-function-name", apiFunction.name);
    this.output("api-function-alias-arn", apiFunction.aliasArn);
    this.output("api-function-log-group", apiFunction.logGroupName);
    this.output("table-name", table.name);
    this.output("dead-letter-queue-url", deadLetterQueue.url);
    this.output("artifact-bucket", artifacts.name);
  }

  /** Named with the stack's name first, so that outputs of several stacks can stand in one list. */
  private output(name: string, value: string): void {
    const id = `${this.node.id}-${name}`;
    new TerraformOutput(this, id, { value, staticId: true });
  }
}
