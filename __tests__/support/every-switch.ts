import { checkEnvironments } from "../../stacks/check-environments";
import { application, type Environment, environments } from "../../stacks/environments";
import { pairwise, type Row } from "./pairwise";

/** A setting that is left out. */
const absent = Symbol("absent");

/** For each property of an environment, the values that lead to different resources. */
type Switches = {
  readonly [Name in keyof Required<Omit<Environment, "name">>]: readonly (
    | Environment[Name]
    | (undefined extends Environment[Name] ? typeof absent : never)
  )[];
};

const [first] = environments;
const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/a";
const userPoolArns = ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc"];

/** The first value of each is the first environment's. */
export const switches: Switches = {
  region: [first.region, "eu-central-1"],
  account: [first.account, { ...first.account, id: "111122223333", concurrencyQuota: 2_000 }],
  apiFunction: [first.apiFunction, { memoryMb: 2_048, timeoutSeconds: 28, reservedConcurrency: 50 }],
  streamFunction: [first.streamFunction, { memoryMb: 1_024, timeoutSeconds: 300, reservedConcurrency: 5 }],
  reserveConcurrency: [first.reserveConcurrency, false],
  throttle: [first.throttle, { requestsPerSecond: 10, burst: 20 }],
  authorization: [
    first.authorization,
    { type: "COGNITO_USER_POOLS", userPoolArns },
    { type: "COGNITO_USER_POOLS", userPoolArns, scopes: ["items/read"] },
    { type: "NONE", reason: "A test of the switch" },
  ],
  allowedOrigin: [absent, "https://app.example.com", "*"],
  trustedAccountIds: [absent, ["222233334444"]],
  domain: [
    absent,
    { name: "api.example.com", certificateArn },
    { name: "api.example.com", certificateArn, hostedZoneId: "Z1" },
  ],
  logLevel: ["DEBUG", "INFO", "WARN", "ERROR"],
  logRetentionDays: [first.logRetentionDays, 30],
  deletionProtection: [first.deletionProtection, true],
  customerKey: [first.customerKey, true],
  webAcl: [first.webAcl, true, { requestsPerAddress: 1_000 }],
  alarms: [first.alarms, { ...first.alarms, apiLatencyMs: 1_000 }],
  alarmEmails: [absent, ["ops@example.com", "lead@example.com"]],
  budget: [absent, { monthlyUsd: 50, email: "ops@example.com" }],
};

/**
 * Environments in which every two values of different switches occur together, unless {@link checkEnvironments} refuses
 * them together.
 */
export const everySwitch: readonly Environment[] = pairwise(switches, isAccepted).map((row, index) => {
  const environment = environmentOf(row);
  const name = `switched-${index}`;
  const { domain } = environment;
  return { ...environment, name, ...(domain && { domain: { ...domain, name: `${name}.example.com` } }) };
});

export function isAccepted(row: Row): boolean {
  try {
    checkEnvironments({ application, environments: [environmentOf(row)] });
    return true;
  } catch {
    return false;
  }
}

function environmentOf(row: Row): Environment {
  const present = Object.entries(row).filter(([, value]) => value !== absent);
  return { ...Object.fromEntries(present), name: first.name } as unknown as Environment;
}
