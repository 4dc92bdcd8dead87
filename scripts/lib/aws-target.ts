import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { type AccountInUse, accountsOf, allEnvironments } from "../../stacks/accounts";
import { type Environment, environments, type StateBackend } from "../../stacks/environments";

export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** Undefined if the credentials do not expire. */
  readonly expiration: Date | undefined;
}

/** `foreign` belongs to another account; `elsewhere` is in a different Region from the one in environments.ts. */
export type BucketLocation =
  | { readonly is: "absent" | "foreign" }
  | { readonly is: "ours" | "elsewhere"; readonly region: string };

/** The account and Regions that a deployment from here would go to. Each fact is fetched once and shared. */
export class AwsTarget {
  readonly environments: readonly Environment[] = allEnvironments();
  private knownCaller: Promise<Caller> | undefined;
  private knownStateBucket: Promise<BucketLocation> | undefined;

  /** Makes calls fail within seconds, where the SDK would keep trying. */
  readonly clientOptions = {
    maxAttempts: 2,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 2_000,
      requestTimeout: 4_000,
      throwOnRequestTimeout: true,
    }),
  };

  /** The account of environments.ts that these credentials belong to. @returns undefined if it is not there */
  async account(): Promise<AccountInUse | undefined> {
    const { account: id } = await this.caller();
    return accountsOf(this.environments).find(({ account }) => (account.id ?? id) === id);
  }

  /** The Regions of the environments that these credentials can deploy, without duplicates. */
  async regions(): Promise<readonly string[]> {
    return (await this.account())?.regions ?? [];
  }

  /** The environments in a Region that these credentials can deploy. */
  async environmentsIn(region: string): Promise<readonly Environment[]> {
    return (await this.account())?.environments.filter((one) => one.region === region) ?? [];
  }

  caller(): Promise<Caller> {
    this.knownCaller ??= this.fetchCaller();
    return this.knownCaller;
  }

  stateBucket({ bucket, region }: StateBackend): Promise<BucketLocation> {
    this.knownStateBucket ??= this.bucket(bucket, region);
    return this.knownStateBucket;
  }

  s3(region: string): S3Client {
    return new S3Client({ ...this.clientOptions, region });
  }

  async bucket(Bucket: string, region: string): Promise<BucketLocation> {
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

  private async fetchCaller(): Promise<Caller> {
    const sts = new STSClient({ ...this.clientOptions, region: environments[0].region });
    const { expiration } = await sts.config.credentials();
    const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return { account: Account, arn: Arn, expiration };
  }
}
