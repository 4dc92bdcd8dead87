import path from "node:path";
import { DataArchiveFile } from "@cdktf/provider-archive/lib/data-archive-file";
import { ArchiveProvider } from "@cdktf/provider-archive/lib/provider";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { App, AssetType, S3Backend, TerraformAsset, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Guardrails } from "../../../../packages/guardrails/guardrails";

/** The test runs this program once per fault, and once without one. */
const fault = process.env.FAULT;
const alarmTopicArn = "arn:aws:sns:eu-west-1:123456789012:alarms";

const policy = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** A queue that denies requests without TLS. */
function queue(scope: Construct, id: string, redrivePolicy?: string): SqsQueue {
  const made = new SqsQueue(scope, id, {
    name: id,
    sqsManagedSseEnabled: true,
    visibilityTimeoutSeconds: 60,
    messageRetentionSeconds: 1_209_600,
    ...(redrivePolicy !== undefined && { redrivePolicy }),
  });
  new SqsQueuePolicy(scope, `${id}-policy`, {
    queueUrl: made.id,
    policy: policy({
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: made.arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }),
  });
  return made;
}

/** A queue, the function that reads it, and everything both need. */
class ParcelsStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const suppressed = {
      rule: "lambda-tracing",
      resource: "parcels/worker",
      reason: "Traced by another tool",
    };
    Guardrails.apply(this, {
      requiredTags: ["Team"],
      suppressions: fault === "unused suppression" ? [suppressed] : [],
    });

    new AwsProvider(this, "aws", {
      region: "eu-west-1",
      defaultTags: fault === "provider without tags" ? [] : [{ tags: { Team: "parcels" } }],
    });
    new ArchiveProvider(this, "archive");
    if (fault !== "no backend") {
      const backend = { bucket: "acme-state", key: "parcels", region: "eu-west-1", encrypt: true };
      new S3Backend(this, backend).addOverride("use_lockfile", true);
    }

    const failed = queue(this, "parcels-failed");
    const redrive = JSON.stringify({ deadLetterTargetArn: failed.arn, maxReceiveCount: 5 });
    const parcels = queue(this, "parcels", redrive);
    if (fault === "override on the stack") {
      this.addOverride(`resource.aws_sqs_queue.${parcels.friendlyUniqueId}.visibility_timeout_seconds`, 5);
    }

    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: "/aws/lambda/parcels-worker",
      retentionInDays: 14,
    });
    const role = new IamRole(this, "role", {
      name: "parcels-worker",
      assumeRolePolicy: policy({
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    });
    const rolePolicy = new IamRolePolicy(this, "role-policy", {
      name: "worker",
      role: role.id,
      policy: policy(
        {
          Effect: "Allow",
          Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          Resource: parcels.arn,
        },
        {
          Effect: "Allow",
          Action: fault === "misspelt action" ? "sqs:SendMesage" : "sqs:SendMessage",
          Resource: failed.arn,
        },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: `${logGroup.arn}:*`,
        },
        {
          Effect: "Allow",
          Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
          Resource: "*",
        },
      ),
    });

    const code = new TerraformAsset(this, "code", {
      path: path.join(__dirname, "worker"),
      type: AssetType.DIRECTORY,
    });
    const zip = new DataArchiveFile(this, "zip", {
      type: "zip",
      sourceDir: code.path,
      outputPath: "worker.zip",
    });
    const object = new S3Object(this, "object", {
      bucket: "acme-artifacts",
      key: `parcels/${code.assetHash}.zip`,
      source: zip.outputPath,
    });
    const worker = new LambdaFunction(this, "worker", {
      functionName: "parcels-worker",
      role: role.arn,
      runtime: "nodejs22.x",
      handler: fault === "handler with another name" ? "index.main" : "index.handler",
      s3Bucket: object.bucket,
      s3Key: object.key,
      sourceCodeHash: zip.outputBase64Sha256,
      memorySize: 256,
      timeout: 10,
      reservedConcurrentExecutions: 5,
      deadLetterConfig: { targetArn: failed.arn },
      tracingConfig: { mode: "Active" },
      dependsOn: [logGroup, rolePolicy],
    });
    new LambdaEventSourceMapping(this, "mapping", {
      eventSourceArn: parcels.arn,
      functionName: worker.arn,
      batchSize: 10,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });

    const alarm = {
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      period: 60,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      alarmActions: [alarmTopicArn],
    };
    new CloudwatchMetricAlarm(this, "errors", {
      ...alarm,
      alarmName: "parcels-worker-errors",
      alarmDescription: "Read the log of parcels-worker.",
      namespace: "AWS/Lambda",
      metricName: fault === "misspelt metric" ? "ErrorCount" : "Errors",
      dimensions: { FunctionName: worker.functionName },
    });
    new CloudwatchMetricAlarm(this, "failed", {
      ...alarm,
      alarmName: "parcels-failed",
      alarmDescription: "Fix the cause, then redrive the messages of parcels-failed.",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: failed.name },
    });
  }
}

const app = new App();
new ParcelsStack(app, "parcels");
app.synth();
