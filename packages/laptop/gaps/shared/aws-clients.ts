import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { FirehoseClient } from "@aws-sdk/client-firehose";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import {
  type Acting,
  type Ask,
  assumeRole,
  type Credentials,
  mayCall,
  mayPublish,
  type Publishing,
} from "./acting";

/** An account's root user, whom IAM does not limit. */
export function rootOf(account: string): Credentials {
  return { accessKeyId: account, secretAccessKey: "test" };
}

/** The SDK's clients for one account, one per Region. They call the gateway, so that one gap's calls reach the other gaps. */
export class AwsClients {
  /** By access key. */
  private readonly acting = new Map<string, AwsClients>();

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
    readonly ask: Ask,
    readonly credentials: Credentials,
  ) {}

  /**
   * Clients of a service that has assumed a role.
   * @throws Error if the role does not trust the service
   */
  async as(acting: Acting): Promise<AwsClients> {
    const credentials = await assumeRole(this.ask, acting);
    const known = this.acting.get(credentials.accessKeyId);
    const clients = known ?? new AwsClients(this.endpoint, this.ask, credentials);
    this.acting.set(credentials.accessKeyId, clients);
    return clients;
  }

  /** Whether a service may make a call with a role. */
  mayCall(acting: Acting, action: string, resource: string): Promise<boolean> {
    return mayCall(this.ask, acting, action, resource);
  }

  /** Whether a topic's policy lets a service publish to it in its own name. */
  mayPublish(publishing: Publishing): Promise<boolean> {
    return mayPublish(this.ask, publishing);
  }

  private config(region: string) {
    const { endpoint, credentials } = this;
    return { endpoint, region, credentials, maxAttempts: 2 };
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
