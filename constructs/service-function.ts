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
import { FunctionZip } from "./function-zip";
import type { Grantee } from "./grantee";
import { LogGroup } from "./log-group";
import { namingOf, physicalName } from "./naming";
import { type PolicyStatement, policyDocument } from "./policy-document";
import type { PrivateBucket } from "./private-bucket";
import { validateProps } from "./validation";

/** The newest Node.js runtime that hashicorp/aws 5.100.0 accepts. */
export const lambdaRuntime = "nodejs22.x";

/** CloudWatch namespace of what the functions count themselves. */
export const metricsNamespace = "ServerlessApp";

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
  /** 1 or more executions, held back for this function and its upper bound. */
  readonly reservedConcurrency: number;
  readonly logRetentionDays: number;
  readonly logLevel: string;
  /** How often an asynchronous invocation that failed is tried again, 0 to 2. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** How long an asynchronous event may wait to be tried, 60 to 21,600 seconds. @default 3_600 */
  readonly maximumEventAgeSeconds?: number;
  /** Encrypts log lines and environment variables. @default AWS's own keys */
  readonly encryptionKey?: CustomerKey | undefined;
}

/**
 * A Lambda function that is called by its alias `live`, which points to a published version. With it come its
 * log group, made first, and a role that may write there, to its dead-letter queue and to X-Ray, and to no
 * other place until something is granted. An asynchronous event that fails for good comes to the dead-letter queue.
 */
export class ServiceFunction extends Construct implements Grantee {
  readonly name: string;
  /** Its name without prefix and suffix: what its log lines and metrics have as `service`. */
  readonly label: string;
  /** ARN of the alias: what callers invoke and grants name. */
  readonly aliasArn: string;
  /** What an API Gateway integration of the alias has as its URI. */
  readonly aliasInvokeArn: string;
  readonly logGroup: LogGroup;
  readonly timeoutSeconds: number;
  readonly reservedConcurrency: number;
  private readonly alias: LambdaAlias;
  private readonly rolePolicy: IamRolePolicy;
  private readonly statements: PolicyStatement[] = [];

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { maximumRetryAttempts = 2, maximumEventAgeSeconds = 3_600, encryptionKey } = props;
    validateProps(this, {
      memoryMb: { value: props.memoryMb, minimum: 128, maximum: 10_240 },
      timeoutSeconds: { value: props.timeoutSeconds, minimum: 1, maximum: 900 },
      reservedConcurrency: { value: props.reservedConcurrency, minimum: 1, maximum: 1_000_000 },
      maximumRetryAttempts: { value: maximumRetryAttempts, minimum: 0, maximum: 2 },
      maximumEventAgeSeconds: { value: maximumEventAgeSeconds, minimum: 60, maximum: 21_600 },
    });
    const functionName = physicalName(this, props.name);
    const { environment } = namingOf(this);

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
    if (encryptionKey) this.readVariablesBy(encryptionKey, functionName);

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
      reservedConcurrentExecutions: props.reservedConcurrency,
      deadLetterConfig: { targetArn: props.deadLetterQueue.arn },
      tracingConfig: { mode: "Active" },
      loggingConfig: {
        logFormat: "JSON",
        logGroup: this.logGroup.name,
        // With JSON logging Lambda names a level of its own to Powertools, which outranks POWERTOOLS_LOG_LEVEL.
        applicationLogLevel: props.logLevel,
        systemLogLevel: "WARN",
      },
      ...(encryptionKey && { kmsKeyArn: encryptionKey.arn }),
      environment: {
        variables: {
          ...props.environment,
          ENVIRONMENT: environment,
          POWERTOOLS_SERVICE_NAME: props.name,
          POWERTOOLS_METRICS_NAMESPACE: metricsNamespace,
          POWERTOOLS_LOG_LEVEL: props.logLevel,
        },
      },
      // Lambda checks at creation that the role may send to the queue; the group exists before its first line.
      dependsOn: [this.rolePolicy, this.logGroup.group],
    });
    this.alias = new LambdaAlias(this, "live", {
      name: "live",
      functionName: lambda.functionName,
      functionVersion: lambda.version,
    });
    new LambdaFunctionEventInvokeConfig(this, "asynchronous-invocation", {
      functionName: lambda.functionName,
      qualifier: this.alias.name,
      maximumRetryAttempts,
      maximumEventAgeInSeconds: maximumEventAgeSeconds,
    });
    this.name = lambda.functionName;
    this.label = props.name;
    this.timeoutSeconds = props.timeoutSeconds;
    this.reservedConcurrency = props.reservedConcurrency;
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
    new LambdaPermission(this, id, {
      action: "lambda:InvokeFunction",
      functionName: this.name,
      qualifier: this.alias.name,
      principal: "apigateway.amazonaws.com",
      sourceArn: methodArn,
    });
  }

  /** Lambda's own grant on the key ends with the role that it was made for; a role made again still has this. */
  private readVariablesBy(key: CustomerKey, functionName: string): void {
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
