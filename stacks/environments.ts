import type { ApiAuthorization } from "../constructs/api-authorization";
import type { AlarmThresholds } from "../constructs/service-alarms";
import { alarmThresholds } from "./alarm-thresholds";

/** What an adopter changes first. Bucket names are unique in the whole world, so they begin with `organization`. */
export const application = {
  /** 2 to 20 characters of a-z, 0-9 and hyphens: the first part of every physical name. */
  name: "serverless-app",
  /** 2 to 20 characters of a-z, 0-9 and hyphens, at most 30 with the name: your organisation's prefix for buckets. */
  organization: "example",
  owner: "platform-team",
  /** Where runbook links lead, without a trailing slash. */
  repository: "https://github.com/example/serverless-app",
} as const;

/** Where Terraform keeps its state: one bucket an account, one key a stack. */
export const stateBackend = {
  // `||`, as a pipeline's unset variable arrives empty.
  /** @default `<organization>-<application>-terraform-state`, or the variable STATE_BUCKET where it is set */
  bucket: process.env.STATE_BUCKET || `${application.organization}-${application.name}-terraform-state`,
  /** The bucket's own Region, whatever Region a stack is in. */
  region: process.env.STATE_BUCKET_REGION || "eu-west-1",
};

/** An AWS account, as its Lambda quota and Terraform's guard against deploying into another one see it. */
export interface Account {
  /** 12 digits: Terraform refuses to deploy anywhere else. @default whatever account the credentials belong to */
  readonly id?: string;
  /** Service quota "Concurrent executions" of a Region: 1,000 by default, as few as 10 in a new account. */
  readonly concurrencyQuota: number;
}

export interface FunctionSettings {
  /** 128 to 10,240 MB; CPU follows memory, one full core at 1,769 MB. */
  readonly memoryMb: number;
  /** Seconds: 1 to 28 for the API's, below API Gateway's 29, so that the function ends first; to 900 for the stream's. */
  readonly timeoutSeconds: number;
  /** Taken from the account's quota, of which 100 must stay unreserved. */
  readonly reservedConcurrency: number;
}

export interface Environment {
  /** 2 to 20 characters: the suffix of every physical name, and of the stack's id: `<name>-stack`. */
  readonly name: string;
  /** AWS Region, for example `eu-west-1`. */
  readonly region: string;
  readonly account: Account;
  readonly apiFunction: FunctionSettings;
  readonly streamFunction: FunctionSettings;
  /** What the API takes in before it answers 429. */
  readonly throttle: {
    /** 1 to 10,000 requests a second, the quota of an account and Region. */
    readonly requestsPerSecond: number;
    /** 1 to 5,000 requests at once. */
    readonly burst: number;
  };
  readonly authorization: ApiAuthorization;
  /** Origin, such as `https://app.example.com`, or `*`: whose pages may call the API from a browser. @default none */
  readonly allowedOrigin?: string;
  /** Other accounts, of 12 digits, whose principals may call the API too. @default none */
  readonly trustedAccountIds?: readonly string[];
  /** A name of your own for the API. @default none */
  readonly domain?: {
    readonly name: string;
    /** ACM certificate of the environment's Region. */
    readonly certificateArn: string;
    /** Route 53 zone in which the name is made. @default none: point a record at the output yourself */
    readonly hostedZoneId?: string;
  };
  readonly logLevel: "DEBUG" | "INFO" | "WARN" | "ERROR";
  /** How long CloudWatch keeps a log line, in days: one of the numbers that CloudWatch Logs knows. */
  readonly logRetentionDays: number;
  /** Whether tables and buckets refuse to be deleted with what they hold, by AWS and by Terraform. */
  readonly deletionProtection: boolean;
  /** Whether a KMS key of the environment's own encrypts its data: about one dollar a month and its requests. */
  readonly customerKey: boolean;
  /** Whether AWS WAF filters requests: about nine dollars a month, and 0.60 for a million requests. */
  readonly webAcl: boolean;
  /** What is tolerated before an alarm goes off. */
  readonly alarms: AlarmThresholds;
  /** Who has an e-mail when an alarm goes off; each must confirm it once. @default nobody: the topic has no e-mail */
  readonly alarmEmails?: readonly string[];
  /** A monthly cost, in USD, of which the address is told at 80 % and where more is forecast. @default none */
  readonly budget?: { readonly monthlyUsd: number; readonly email: string };
}

const account: Account = { concurrencyQuota: 1_000 };

const defaults = {
  region: "eu-west-1",
  account,
  apiFunction: { memoryMb: 512, timeoutSeconds: 10, reservedConcurrency: 100 },
  streamFunction: { memoryMb: 256, timeoutSeconds: 60, reservedConcurrency: 10 },
  throttle: { requestsPerSecond: 100, burst: 200 },
  authorization: { type: "AWS_IAM" },
  alarms: alarmThresholds,
  logLevel: "INFO",
  logRetentionDays: 14,
  deletionProtection: true,
  customerKey: false,
  webAcl: false,
} as const satisfies Omit<Environment, "name">;

const dev = { ...defaults, name: "dev", logLevel: "DEBUG", deletionProtection: false } as const;

/** All that differs between environments. */
export const environments = [
  dev,
  { ...defaults, name: "staging" },
  {
    ...defaults,
    name: "prod",
    apiFunction: { ...defaults.apiFunction, memoryMb: 1024 },
    throttle: { requestsPerSecond: 500, burst: 1_000 },
    customerKey: true,
  },
] as const satisfies readonly Environment[];

/** A short-lived copy of dev, for example of a pull request: `PREVIEW=pr-42` adds `pr-42-stack`. */
export function previews(name = process.env.PREVIEW): readonly Environment[] {
  return name ? [{ ...dev, name }] : [];
}

/** A pipeline that may read this account to show what a change would do, by OpenID Connect and without keys. */
export interface PipelineAccess {
  /** Issuer of its tokens without `https://`, for example `token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** Who a token must speak for, for example `repo:example/serverless-app:*`. */
  readonly subject: string;
}

/** @default nobody has one */
export const pipelineAccess: PipelineAccess | undefined = undefined;
