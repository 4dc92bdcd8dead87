import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import type { Bundle } from "./bundle";
import type { CustomerKey } from "./customer-key";
import type { DeadLetterQueue } from "./dead-letter-queue";
import { ExclusivePolicies } from "./exclusive-policies";
import { FunctionZip } from "./function-zip";
import type { Grantee } from "./grantee";
import { LogGroup } from "./log-group";
import type { LogRetentionDays } from "./log-retention";
import { namingOf, physicalName } from "./naming";
import { type PolicyStatement, policyDocument } from "./policy-document";
import type { PrivateBucket } from "./private-bucket";
import { promiseFunction, promisePermission } from "./service-function-promises";
import { validateProps } from "./validation";

/** The newest Node.js runtime that hashicorp/aws 5.100.0 accepts. */
export const lambdaRuntime = "nodejs22.x";

export type LogLevel = "DEBUG" | "INFO" | "WARN" | "ERROR";

export interface ServiceFunctionProps {
  /** Name without prefix and environment suffix. */
  readonly name: string;
  readonly description: string;
  readonly bundle: Bundle;
  readonly artifacts: PrivateBucket;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly environment: Readonly<Record<string, string>>;
  /** 128 to 10,240 MB. */
  readonly memoryMb: number;
  /** 1 to 900 seconds. */
  readonly timeoutSeconds: number;
  /**
   * 1 or more concurrent executions: reserved for this function, and also its upper limit.
   * @default none: the function competes with every other one for what the account has left
   */
  readonly reservedConcurrency?: number | undefined;
  readonly logRetentionDays: LogRetentionDays;
  /** The least severe lines that are logged. Metrics are published at every level. */
  readonly logLevel: LogLevel;
  /** How many times a failed asynchronous invocation is retried, 0 to 2. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** Age up to which Lambda tries to process an asynchronous event, 60 to 21,600 seconds. @default 3_600 */
  readonly maximumEventAgeSeconds?: number;
  /** Encrypts log lines and environment variables. @default keys that AWS owns */
  readonly encryptionKey?: CustomerKey | undefined;
}

/**
 * A Lambda function that is invoked through its alias `live`, which points to a published version. It comes with a log
 * group, created first, and a role that can write to that group, to the dead-letter queue and to X-Ray, and to nothing
 * else until more is granted. An asynchronous event that fails for good goes to the dead-letter queue.
 */
export class ServiceFunction extends Construct implements Grantee {
  readonly name: string;
  /** The name without prefix and suffix. Its log lines and metrics have it as `service`. */
  readonly label: string;
  /** ARN of the alias: what callers invoke and grants name. */
  readonly aliasArn: string;
  /** URI for an API Gateway integration with the alias. */
  readonly aliasInvokeArn: string;
  readonly logGroup: LogGroup;
  readonly timeoutSeconds: number;
  readonly reservedConcurrency: number | undefined;
  private readonly alias: LambdaAlias;
  private readonly rolePolicy: IamRolePolicy;
  private readonly statements: PolicyStatement[] = [];

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { maximumRetryAttempts = 2, maximumEventAgeSeconds = 3_600, encryptionKey } = props;
    const { reservedConcurrency } = props;
    validateProps(this, {
      memoryMb: { value: props.memoryMb, minimum: 128, maximum: 10_240 },
      timeoutSeconds: { value: props.timeoutSeconds, minimum: 1, maximum: 900 },
      ...(reservedConcurrency !== undefined && {
        reservedConcurrency: { value: reservedConcurrency, minimum: 1, maximum: 1_000_000 },
      }),
      maximumRetryAttempts: { value: maximumRetryAttempts, minimum: 0, maximum: 2 },
      maximumEventAgeSeconds: { value: maximumEventAgeSeconds, minimum: 60, maximum: 21_600 },
    });
    const functionName = physicalName(this, props.name);
    const { application, environment } = namingOf(this);

    this.logGroup = new LogGroup(this, "log-group", {
      name: `/aws/lambda/${functionName}`,
      retentionDays: props.logRetentionDays,
      encryptionKey,
    });
    const role = new IamRole(this, "role", {
      name: functionName,
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    });
    this.rolePolicy = new IamRolePolicy(this, "role-policy", {
      name: functionName,
      role: role.id,
      policy: Lazy.stringValue({ produce: () => policyDocument(...this.statements) }),
    });
    new ExclusivePolicies(this, "exclusive-policies", { role, inline: [this.rolePolicy] });
    this.addToRolePolicy({
      Sid: "OwnLogGroup",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${this.logGroup.arn}:*`,
    });
    props.deadLetterQueue.grantSend(this);
    this.addToRolePolicy({
      Sid: "Tracing",
      Effect: "Allow",
      Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      Resource: "*",
    });
    if (encryptionKey) this.grantVariableDecryption(encryptionKey, functionName);

    const code = new FunctionZip(this, "package", {
      name: props.name,
      bundle: props.bundle,
      bucket: props.artifacts,
    });
    const lambda = new LambdaFunction(this, "function", {
      functionName,
      description: props.description,
      role: role.arn,
      runtime: lambdaRuntime,
      architectures: ["arm64"],
      handler: code.handler,
      s3Bucket: code.bucket,
      s3Key: code.key,
      sourceCodeHash: code.sourceCodeHash,
      publish: true,
      memorySize: props.memoryMb,
      timeout: props.timeoutSeconds,
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      deadLetterConfig: { targetArn: props.deadLetterQueue.arn },
      tracingConfig: { mode: "Active" },
      loggingConfig: {
        logFormat: "JSON",
        logGroup: this.logGroup.name,
        // Lambda takes a line without a level, such as a metric, for INFO ("Log-level filtering" in its guide), and drops
        // it at any higher level. Powertools filters its own lines by POWERTOOLS_LOG_LEVEL. scripts/verify/functions.ts has
        // this rule a second time, on purpose: it checks what is deployed without asking the code that deployed it.
        applicationLogLevel: props.logLevel === "DEBUG" ? "DEBUG" : "INFO",
        systemLogLevel: "WARN",
      },
      ...(encryptionKey && { kmsKeyArn: encryptionKey.arn }),
      environment: {
        variables: {
          ...props.environment,
          APPLICATION: application,
          ENVIRONMENT: environment,
          POWERTOOLS_SERVICE_NAME: props.name,
          POWERTOOLS_METRICS_NAMESPACE: namingOf(this).metricsNamespace,
          POWERTOOLS_LOG_LEVEL: props.logLevel,
        },
      },
      // Lambda checks at creation that the role can send to the queue. The log group must exist before the first log line.
      dependsOn: [this.rolePolicy, this.logGroup.group],
    });
    this.alias = new LambdaAlias(this, "live", {
      name: "live",
      functionName: lambda.functionName,
      functionVersion: lambda.version,
    });
    const asynchronous = new LambdaFunctionEventInvokeConfig(this, "asynchronous-invocation", {
      functionName: lambda.functionName,
      qualifier: this.alias.name,
      maximumRetryAttempts,
      maximumEventAgeInSeconds: maximumEventAgeSeconds,
    });
    promiseFunction({ lambda, role, rolePolicy: this.rolePolicy, alias: this.alias, asynchronous });
    this.name = lambda.functionName;
    this.label = props.name;
    this.timeoutSeconds = props.timeoutSeconds;
    this.reservedConcurrency = reservedConcurrency;
    this.aliasArn = this.alias.arn;
    this.aliasInvokeArn = this.alias.invokeArn;
  }

  addToRolePolicy(statement: PolicyStatement): IamRolePolicy {
    this.statements.push(statement);
    return this.rolePolicy;
  }

  /**
   * Lets one API Gateway method call the alias.
   * @param methodArn `<execution ARN>/<stage>/<method><path>`
   */
  grantInvokeToApi(id: string, methodArn: string): void {
    const permission = new LambdaPermission(this, id, {
      action: "lambda:InvokeFunction",
      functionName: this.name,
      qualifier: this.alias.name,
      principal: "apigateway.amazonaws.com",
      sourceArn: methodArn,
    });
    promisePermission(permission);
  }

  /** Lambda's own grant on the key is tied to one role and lost when the role is recreated. This statement is not. */
  private grantVariableDecryption(key: CustomerKey, functionName: string): void {
    this.addToRolePolicy({
      Sid: "OwnVariables",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: key.arn,
      Condition: {
        StringEquals: {
          "kms:EncryptionContext:aws:lambda:FunctionArn": `arn:aws:lambda:${key.region}:${key.accountId}:function:${functionName}`,
        },
      },
    });
  }
}
