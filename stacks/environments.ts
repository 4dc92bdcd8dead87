import type { ApiAuthorization } from "../constructs/api-authorization";
import type { LogRetentionDays } from "../constructs/log-retention";
import type { AlarmThresholds } from "../constructs/service-alarms";
import type { LogLevel } from "../constructs/service-function";
import { alarmThresholds } from "./alarm-thresholds";
import { checkEnvironments } from "./check-environments";

/** Change these first. Bucket names are globally unique, so they start with `organization`. */
export const application = {
  /** First part of every physical name. 2 to 20 characters of a-z, 0-9 and hyphens. */
  name: "serverless-app",
  /** Prefix of your bucket names. 2 to 20 characters of a-z, 0-9 and hyphens; at most 30 together with the name. */
  organization: "example",
  owner: "platform-team",
  /** Base URL of links to the runbook, without a trailing slash. */
  repository: "https://github.com/example/serverless-app",
} as const;

/** Where Terraform keeps the state of an account's stacks, one object per stack. */
export interface StateBackend {
  /** The bucket's name. `npm run bootstrap` creates the bucket. */
  readonly bucket: string;
  /** The bucket's Region, which can differ from a stack's. */
  readonly region: string;
}

/** Lets a pipeline read an account to show what a change would do. It uses OpenID Connect, without stored keys. */
export interface PipelineAccess {
  /** Issuer of the pipeline's tokens, without `https://`, for example `token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** The subject that a token must have, for example `repo:example/serverless-app:*`. */
  readonly subject: string;
  /**
   * Whether the account already has an identity provider for the issuer, managed by another program: an account can
   * have only one. @default false: the account's stack creates it
   */
  readonly existingProvider?: boolean;
}

/** The AWS account that an environment belongs in. `npm run bootstrap` prepares it, once. */
export interface Account {
  /**
   * Only for a second account and those after it: 2 to 20 characters. The account's stack is `account-<name>-stack`.
   * @default none: its stack is `account-stack`
   */
  readonly name?: string;
  /**
   * 12 digits. Terraform refuses to deploy to any other account. Required if there is more than one account.
   * @default the account that the credentials belong to
   */
  readonly id?: string;
  readonly stateBackend: StateBackend;
  /** @default no pipeline has access */
  readonly pipelineAccess?: PipelineAccess;
  /**
   * Lambda's service quota "Concurrent executions" in the Region: 1,000 by default, as low as 10 in a new account. With 101
   * or less, set `reserveConcurrency` to false.
   */
  readonly concurrencyQuota: number;
}

export interface FunctionSettings {
  /** 128 to 10,240 MB. CPU scales with memory: one full core at 1,769 MB. */
  readonly memoryMb: number;
  /**
   * 1 to 28 for the API function, which must end before API Gateway times out at 29 seconds; 1 to 900 for the stream
   * function.
   */
  readonly timeoutSeconds: number;
  /**
   * 1 or more executions, taken from the account's quota: the function always has them, and never has more. At least 100
   * of the quota must stay unreserved. See `reserveConcurrency`.
   */
  readonly reservedConcurrency: number;
}

export interface Environment {
  /** 2 to 20 characters. The stack's id is `<name>-stack`, and every physical name ends with the name. */
  readonly name: string;
  /** AWS Region, for example `eu-west-1`. */
  readonly region: string;
  readonly account: Account;
  readonly apiFunction: FunctionSettings;
  readonly streamFunction: FunctionSettings;
  /**
   * Whether the functions reserve their `reservedConcurrency`. Set false if the account's quota leaves nothing to
   * reserve. The functions then compete with every other function of the account, nothing limits them, and no alarm
   * warns before they are throttled.
   */
  readonly reserveConcurrency: boolean;
  /** Requests beyond these limits get 429. */
  readonly throttle: {
    /** 1 to 10,000, the quota of an account and Region. */
    readonly requestsPerSecond: number;
    /** 1 to 5,000 requests at the same time. */
    readonly burst: number;
  };
  readonly authorization: ApiAuthorization;
  /** Origin whose pages can call the API from a browser, such as `https://app.example.com`, or `*`. @default none */
  readonly allowedOrigin?: string;
  /** 12-digit ids of other accounts whose principals can call the API too. @default none */
  readonly trustedAccountIds?: readonly string[];
  /** A custom domain name for the API. @default none */
  readonly domain?: {
    readonly name: string;
    /** ARN of an ACM certificate in the environment's Region. */
    readonly certificateArn: string;
    /** Route 53 zone to create the record in. @default none: point a record at the output `api-domain-target` yourself */
    readonly hostedZoneId?: string;
  };
  /** The least severe lines that the functions log. Metrics are published at every level. */
  readonly logLevel: LogLevel;
  /** How many days CloudWatch keeps log lines. */
  readonly logRetentionDays: LogRetentionDays;
  /** Whether AWS and Terraform refuse to delete tables and buckets, and the data in them. */
  readonly deletionProtection: boolean;
  /** Whether the environment's data is encrypted with its own KMS key: about one dollar a month, plus requests. */
  readonly customerKey: boolean;
  /**
   * Whether AWS WAF filters requests: about nine dollars a month, plus 0.60 per million requests. It blocks an IP address
   * that sends more than `requestsPerAddress` in five minutes: 10 or more, and at most what `throttle` lets through in
   * that time, which is also the default. It also blocks items whose text looks like an attack: see constructs/web-acl.ts.
   */
  readonly webAcl: boolean | { readonly requestsPerAddress: number };
  /** Alarm thresholds. */
  readonly alarms: AlarmThresholds;
  /** Who gets an e-mail when an alarm fires. Each address must confirm the subscription once. @default nobody */
  readonly alarmEmails?: readonly string[];
  /** A monthly limit in USD. The address gets an e-mail at 80 % of it, and when the forecast exceeds it. @default none */
  readonly budget?: { readonly monthlyUsd: number; readonly email: string };
}

const account: Account = {
  concurrencyQuota: 1_000,
  stateBackend: {
    // `||` rather than `??`: in a pipeline, an unset variable can arrive as an empty string.
    bucket: process.env.STATE_BUCKET || `${application.organization}-${application.name}-terraform-state`,
    region: process.env.STATE_BUCKET_REGION || "eu-west-1",
  },
};

const defaults = {
  region: "eu-west-1",
  account,
  apiFunction: { memoryMb: 512, timeoutSeconds: 10, reservedConcurrency: 100 },
  streamFunction: { memoryMb: 256, timeoutSeconds: 60, reservedConcurrency: 10 },
  reserveConcurrency: true,
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

/** Everything that differs between environments. */
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

/**
 * A short-lived copy of dev without its domain, which only one environment can have, for example for a pull request:
 * `PREVIEW=pr-42` adds `pr-42-stack`.
 */
export function previews(name = process.env.PREVIEW, original: Environment = dev): readonly Environment[] {
  const { domain: _, ...settings } = original;
  return name ? [{ ...settings, name }] : [];
}

// Here, so that every command reports what is wrong with this file before it does anything.
checkEnvironments({ application, environments: [...environments, ...previews()] });
