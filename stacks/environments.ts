/** What an adopter changes first. Bucket names are unique in the whole world, so they begin with `organization`. */
export const application = {
  /** 1 to 24 characters of a-z, 0-9 and hyphens: the first part of every physical name. */
  name: "serverless-app",
  /** 1 to 20 characters of a-z, 0-9 and hyphens: your organisation's prefix for bucket names. */
  organization: "example",
  owner: "platform-team",
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

export interface Environment {
  /** The suffix of every physical name, and the first part of the stack's id: `<name>-stack`. */
  readonly name: string;
  /** AWS Region, for example `eu-west-1`. */
  readonly region: string;
  readonly apiFunction: {
    /** 128 to 10,240 MB; CPU follows memory, one full core at 1,769 MB. */
    readonly memoryMb: number;
    /** 1 to 28 seconds: below API Gateway's 29, so that the function ends first. */
    readonly timeoutSeconds: number;
    /** Taken from the account's quota, of which 100 must stay unreserved. */
    readonly reservedConcurrency: number;
  };
  readonly logLevel: "DEBUG" | "INFO" | "WARN" | "ERROR";
  /** How long CloudWatch keeps a log line, in days. */
  readonly logRetentionDays: number;
  /** Whether the table refuses to be deleted, by AWS and by Terraform. */
  readonly deletionProtection: boolean;
}

const defaults = {
  region: "eu-west-1",
  apiFunction: { memoryMb: 512, timeoutSeconds: 10, reservedConcurrency: 100 },
  logLevel: "INFO",
  logRetentionDays: 14,
  deletionProtection: true,
} as const;

/** All that differs between environments. */
export const environments = [
  { ...defaults, name: "dev", logLevel: "DEBUG", deletionProtection: false },
  { ...defaults, name: "staging" },
  { ...defaults, name: "prod", apiFunction: { ...defaults.apiFunction, memoryMb: 1024 } },
] as const satisfies readonly Environment[];
