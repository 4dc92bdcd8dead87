import * as z from "zod/mini";
import { logRetentionChoices } from "../constructs/log-retention";
import { pipelineSubject } from "../constructs/pipeline-subject";
import { awsRegions } from "./aws-regions";
import {
  list,
  oneOf,
  optional,
  settings,
  text,
  trueFalseOr,
  trueOrFalse,
  wholeNumber,
} from "./settings-schema";

const label = text("match [a-z][a-z0-9-]{0,18}[a-z0-9]", /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/);
const accountId = text("have 12 digits, in quotes", /^\d{12}$/);
const email = text("be an e-mail address", /^[^@\s]+@[^@\s]+\.[^@\s]+$/);
const region = z
  .string("be an AWS Region, such as eu-west-1")
  .check(
    z.refine(
      (value) => awsRegions.includes(value),
      "be an AWS Region listed in stacks/aws-regions.ts, such as eu-west-1",
    ),
  );

/** API Gateway gives up after 29 seconds. */
const apiFunction = functionSettings("apiFunction", 28);
/** Lambda's maximum. */
const streamFunction = functionSettings("streamFunction", 900);

function functionSettings(name: string, maximumSeconds: number) {
  return settings(`be an object, such as { ...defaults.${name}, memoryMb: 512 }`, {
    memoryMb: wholeNumber("MB", 128, 10_240),
    timeoutSeconds: wholeNumber("seconds", 1, maximumSeconds),
    reservedConcurrency: wholeNumber("concurrent executions", 1, 1_000_000),
  });
}

const authorizationTypes = oneOf("AWS_IAM", "COGNITO_USER_POOLS", "NONE");

const authorization = z.discriminatedUnion(
  "type",
  [
    settings("be an object", { type: z.literal("AWS_IAM") }),
    settings("be an object", {
      type: z.literal("COGNITO_USER_POOLS"),
      userPoolArns: list(
        "list at least one user pool",
        text(
          "be the ARN of a Cognito user pool",
          /^arn:aws:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+_\w+$/,
        ),
        1,
      ),
      scopes: optional(
        list("list at least one OAuth scope", text("be an OAuth scope, without spaces", /^\S+$/), 1),
      ),
    }),
    settings("be an object", {
      type: z.literal("NONE"),
      reason: text("explain why anyone can call the API", /\S/),
    }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? `be one of ${[...authorizationTypes.def.values].join(", ")}`
        : 'be an object, such as { type: "AWS_IAM" }',
  },
);

const alarms = settings("be an object, such as { ...alarmThresholds, apiLatencyMs: 1_000 }", {
  apiErrorPercent: wholeNumber("percent", 0, 100),
  apiLatencyMs: wholeNumber("milliseconds", 1, 29_000),
  functionErrors: wholeNumber("errors", 0, 1_000_000),
  functionDurationPercent: wholeNumber("percent", 1, 100),
  functionConcurrencyPercent: wholeNumber("percent", 1, 100),
  streamAgeMs: wholeNumber("milliseconds", 1_000, 86_400_000),
  deliveryAgeSeconds: wholeNumber("seconds", 301, 86_400),
});

const domain = settings("be an object with name and certificateArn", {
  name: text(
    "be a host name in lower case, such as api.example.com, without https:// and path",
    /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/,
  ),
  certificateArn: text(
    "be the ARN of an ACM certificate",
    /^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
  ),
  hostedZoneId: optional(text("be the id of a Route 53 zone, such as Z0123456789ABC", /^Z[A-Z0-9]{1,31}$/)),
});

const stateBackend = settings("be an object with bucket and region", {
  bucket: text(
    "be a bucket name: 3 to 63 of a-z, 0-9, hyphens and dots",
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  ),
  region,
});

export const pipelineAccessSchema = settings("be an object with issuer and subject", {
  issuer: text(
    "be a host name with an optional path, without https://, such as token.actions.githubusercontent.com",
    /^[a-z0-9-]+(\.[a-z0-9-]+)+(\/[^\s/]+)*$/,
  ),
  subject: text(pipelineSubject.rule, pipelineSubject.pattern),
  existingProvider: optional(trueOrFalse()),
});

export const accountSchema = settings("be an object with concurrencyQuota and stateBackend", {
  name: optional(label),
  id: optional(accountId),
  concurrencyQuota: wholeNumber("concurrent executions", 1, 1_000_000),
  stateBackend,
  pipelineAccess: optional(pipelineAccessSchema),
});

/** One environment of environments.ts. `Environment` there documents the meaning of each setting. */
export const environmentSchema = settings('be an object, such as { ...defaults, name: "test" }', {
  name: label.check(
    z.refine(
      (name) => !/^account(-|$)/.test(name),
      "not begin with account: the accounts' own stacks have such names",
    ),
  ),
  region,
  account: accountSchema,
  apiFunction,
  streamFunction,
  reserveConcurrency: trueOrFalse(),
  throttle: settings("be an object with requestsPerSecond and burst", {
    requestsPerSecond: wholeNumber("requests a second", 1, 10_000),
    burst: wholeNumber("requests", 1, 5_000),
  }),
  authorization,
  allowedOrigin: optional(
    text(
      "be an origin in lower case, such as https://app.example.com, or *",
      /^(\*|https?:\/\/[a-z0-9.-]+(:\d{1,5})?)$/,
    ),
  ),
  trustedAccountIds: optional(list("be a list of account ids", accountId)),
  domain: optional(domain),
  logLevel: oneOf("DEBUG", "INFO", "WARN", "ERROR"),
  logRetentionDays: oneOf(...logRetentionChoices),
  deletionProtection: trueOrFalse(),
  customerKey: trueOrFalse(),
  webAcl: trueFalseOr(
    "{ requestsPerAddress: 2_000 }",
    settings("be an object with requestsPerAddress", {
      requestsPerAddress: wholeNumber("requests in five minutes", 10, 2_000_000_000),
    }),
  ),
  alarms,
  alarmEmails: optional(list("be a list of e-mail addresses", email)),
  budget: optional(
    settings("be an object with monthlyUsd and email", {
      monthlyUsd: wholeNumber("USD", 1, 1_000_000),
      email,
    }),
  ),
});

/** What environments.ts says about the application as a whole. */
export const applicationSchema = settings("be an object", {
  name: label,
  organization: label,
  owner: text(
    "have 1 to 256 letters, digits, spaces and _ . : / = + - @, as the value of a tag",
    /^(?=.*\S)[\p{L}\p{N} _.:/=+\-@]{1,256}$/u,
  ),
  repository: text("be an https URL without a trailing slash", /^https:\/\/\S+[^/\s]$/),
});
