import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";

/** The SDK's clients for one account, one per Region. They call the gateway, so that one gap's calls reach the other gaps. */
export class AwsClients {
  readonly apiGateway = perRegion((region) => new APIGatewayClient(this.config(region)));
  readonly cloudWatch = perRegion((region) => new CloudWatchClient(this.config(region)));
  readonly firehose = perRegion((region) => new FirehoseClient(this.config(region)));
  readonly lambda = perRegion((region) => new LambdaClient(this.config(region)));
  readonly logs = perRegion((region) => new CloudWatchLogsClient(this.config(region)));
  readonly s3 = perRegion((region) => new S3Client({ ...this.config(region), forcePathStyle: true }));
  readonly sns = perRegion((region) => new SNSClient(this.config(region)));
  readonly sqs = perRegion((region) => new SQSClient(this.config(region)));

  constructor(
    readonly endpoint: string,
    private readonly account: string,
  ) {}

  private config(region: string) {
    const credentials = { accessKeyId: this.account, secretAccessKey: "test" };
    return { endpoint: this.endpoint, region, credentials, maxAttempts: 2 };
  }
}

function perRegion<T>(make: (region: string) => T): (region: string) => T {
  const made = new Map<string, T>();
  return (region) => {
    const client = made.get(region) ?? make(region);
    made.set(region, client);
    return client;
  };
}
