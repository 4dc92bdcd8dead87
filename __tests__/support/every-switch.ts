import { type Environment, environments } from "../../stacks/environments";

/** For each property of an environment, the values that lead to other resources than the first environment's. */
type Alternatives = {
  readonly [Name in keyof Required<Omit<Environment, "name">>]: readonly Environment[Name][];
};

const [first] = environments;
const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/a";
const userPoolArns = ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc"];

const alternatives: Alternatives = {
  region: ["eu-central-1"],
  account: [{ id: "111122223333", concurrencyQuota: 2_000 }],
  apiFunction: [{ memoryMb: 2_048, timeoutSeconds: 28, reservedConcurrency: 50 }],
  streamFunction: [{ memoryMb: 1_024, timeoutSeconds: 300, reservedConcurrency: 5 }],
  reserveConcurrency: [false],
  throttle: [{ requestsPerSecond: 10, burst: 20 }],
  authorization: [
    { type: "COGNITO_USER_POOLS", userPoolArns },
    { type: "COGNITO_USER_POOLS", userPoolArns, scopes: ["items/read"] },
    { type: "NONE", reason: "A test of the switch" },
  ],
  allowedOrigin: ["https://app.example.com"],
  trustedAccountIds: [["222233334444"]],
  domain: [
    { name: "api.example.com", certificateArn },
    { name: "api.example.com", certificateArn, hostedZoneId: "Z1" },
  ],
  logLevel: ["DEBUG", "INFO", "WARN", "ERROR"],
  logRetentionDays: [30],
  deletionProtection: [true],
  customerKey: [true],
  webAcl: [true],
  alarms: [{ ...first.alarms, apiLatencyMs: 1_000 }],
  alarmEmails: [["ops@example.com", "lead@example.com"]],
  budget: [{ monthlyUsd: 50, email: "ops@example.com" }],
};

const switched = Object.entries(alternatives).flatMap(([name, values]) =>
  values.map((value): Partial<Environment> => ({ [name]: value })),
);

/** The first environment with each switch alone, and with all of them together. */
export const everySwitch: readonly Environment[] = [
  ...switched,
  // The last value of each property.
  Object.assign({}, ...switched) as Partial<Environment>,
].map((changed, index) => ({ ...first, ...changed, name: `switched-${index}` }));
