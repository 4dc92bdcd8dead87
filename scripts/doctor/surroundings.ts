import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { type Environment, environments, previews, stateBackend } from "../../stacks/environments";

export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** Undefined for credentials that last until somebody ends them. */
  readonly expiration: Date | undefined;
}

/** `elsewhere` is in another Region than environments.ts says. */
export type BucketPlace =
  | { readonly is: "absent" | "foreign" }
  | { readonly is: "ours" | "elsewhere"; readonly region: string };

/** Where a deployment would go, asked once for all probes that want to know. */
export class Surroundings {
  readonly environments: readonly Environment[] = [...environments, ...previews()];
  private asked: Promise<Caller> | undefined;
  private looked: Promise<BucketPlace> | undefined;

  /** Fails within seconds, where the SDK would go on trying. */
  readonly clientOptions = {
    maxAttempts: 2,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 2_000,
      requestTimeout: 4_000,
      throwOnRequestTimeout: true,
    }),
  };

  /** Regions of all environments, each once. */
  get regions(): readonly string[] {
    return [...new Set(this.environments.map(({ region }) => region))];
  }

  /** Environments that these credentials may deploy, in a Region. */
  async environmentsIn(region: string): Promise<readonly Environment[]> {
    const { account } = await this.caller();
    return this.environments.filter(
      (environment) => environment.region === region && (environment.account.id ?? account) === account,
    );
  }

  caller(): Promise<Caller> {
    this.asked ??= this.ask();
    return this.asked;
  }

  stateBucket(): Promise<BucketPlace> {
    this.looked ??= this.bucket(stateBackend.bucket, stateBackend.region);
    return this.looked;
  }

  s3(region: string = stateBackend.region): S3Client {
    return new S3Client({ ...this.clientOptions, region });
  }

  async bucket(Bucket: string, region: string): Promise<BucketPlace> {
    const { account } = await this.caller();
    try {
      const { BucketRegion = region } = await this.s3(region).send(
        new HeadBucketCommand({ Bucket, ExpectedBucketOwner: account }),
      );
      return { is: BucketRegion === region ? "ours" : "elsewhere", region: BucketRegion };
    } catch (error) {
      const { $metadata, $response } = error as {
        $metadata?: { httpStatusCode?: number };
        $response?: { headers?: Readonly<Record<string, string>> };
      };
      if ($metadata?.httpStatusCode === 404) return { is: "absent" };
      if ($metadata?.httpStatusCode === 403) return { is: "foreign" };
      const actual = $response?.headers?.["x-amz-bucket-region"];
      if ($metadata?.httpStatusCode === 301 && actual) return { is: "elsewhere", region: actual };
      throw error;
    }
  }

  private async ask(): Promise<Caller> {
    const sts = new STSClient({ ...this.clientOptions, region: stateBackend.region });
    const { expiration } = await sts.config.credentials();
    const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return { account: Account, arn: Arn, expiration };
  }
}
