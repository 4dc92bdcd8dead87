import { logRetentionChoices } from "../constructs/log-group";
import { InvalidPropsError } from "../constructs/validation";
import type { application as configuredApplication, Environment, FunctionSettings } from "./environments";

/** Concurrent executions that must stay unreserved in an account and Region. */
const unreservedConcurrency = 100;

/**
 * Checks the whole configuration before any stack is synthesized.
 * @throws InvalidPropsError that lists every problem, one per line
 */
export function checkEnvironments(
  application: Readonly<Record<keyof typeof configuredApplication, string>>,
  environments: readonly Environment[],
): void {
  const problems = [
    ...applicationProblems(application),
    ...environments.flatMap(environmentProblems),
    ...duplicates(environments),
    ...quotaProblems(environments),
  ];
  if (problems.length > 0) throw new InvalidPropsError(problems);
}

function applicationProblems({ name, organization, repository }: Record<string, string>): string[] {
  const label = /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/;
  const report = new Report("application");
  report.require("name", label.test(name ?? ""), "match [a-z][a-z0-9-]{0,18}[a-z0-9]", name);
  report.require(
    "organization",
    label.test(organization ?? ""),
    "match [a-z][a-z0-9-]{0,18}[a-z0-9]",
    organization,
  );
  const combined = `${organization}${name}`;
  report.require(
    "organization and name",
    combined.length <= 30,
    "have at most 30 characters together",
    combined,
  );
  report.require(
    "repository",
    /^https:\/\/\S+[^/]$/.test(repository ?? ""),
    "be an https URL without a trailing slash",
    repository,
  );
  return report.problems;
}

function environmentProblems(environment: Environment): string[] {
  const { name, region, account, throttle, authorization, budget, domain } = environment;
  const report = new Report(`environment ${JSON.stringify(name)}`);
  report.require(
    "name",
    /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/.test(name),
    "match [a-z][a-z0-9-]{0,18}[a-z0-9]",
    name,
  );
  if (name === "account") report.add("name", 'must not be "account": that name is taken by account-stack');
  report.require(
    "region",
    /^[a-z]{2}(-[a-z]+)+-\d$/.test(region),
    "be an AWS Region, such as eu-west-1",
    region,
  );
  report.require("account.id", !account.id || isAccountId(account.id), "have 12 digits", account.id);
  functionProblems(report, "apiFunction", environment.apiFunction, 28);
  functionProblems(report, "streamFunction", environment.streamFunction, 900);
  report.range("throttle.requestsPerSecond", throttle.requestsPerSecond, 1, 10_000);
  report.range("throttle.burst", throttle.burst, 1, 5_000);
  const { alarms } = environment;
  report.range("alarms.apiErrorPercent", alarms.apiErrorPercent, 0, 100);
  report.range("alarms.apiLatencyMs", alarms.apiLatencyMs, 1, 29_000);
  report.range("alarms.functionErrors", alarms.functionErrors, 0, 1_000_000);
  report.range("alarms.functionDurationPercent", alarms.functionDurationPercent, 1, 100);
  report.range("alarms.functionConcurrencyPercent", alarms.functionConcurrencyPercent, 1, 100);
  report.range("alarms.streamAgeMs", alarms.streamAgeMs, 1_000, 86_400_000);
  report.range("alarms.deliveryAgeSeconds", alarms.deliveryAgeSeconds, 301, 86_400);
  report.require(
    "logRetentionDays",
    logRetentionChoices.includes(environment.logRetentionDays),
    `be one of ${logRetentionChoices.join(", ")}`,
    environment.logRetentionDays,
  );
  if (authorization.type === "COGNITO_USER_POOLS") {
    const pools = authorization.userPoolArns;
    report.require("authorization.userPoolArns", pools.length > 0, "list at least one user pool", pools);
  }
  if (authorization.type === "NONE") {
    const { reason } = authorization;
    report.require(
      "authorization.reason",
      reason.trim() !== "",
      "explain why anyone can call the API",
      reason,
    );
  }
  const { allowedOrigin } = environment;
  report.require(
    "allowedOrigin",
    !allowedOrigin || /^(\*|https?:\/\/[^/\s']+)$/.test(allowedOrigin),
    "be an origin, such as https://app.example.com, or *",
    allowedOrigin,
  );
  for (const id of environment.trustedAccountIds ?? []) {
    report.require("trustedAccountIds", isAccountId(id), "each have 12 digits", id);
  }
  if (domain) {
    const isCertificate = /^arn:aws[\w-]*:acm:/.test(domain.certificateArn);
    report.require(
      "domain.certificateArn",
      isCertificate,
      "be the ARN of an ACM certificate",
      domain.certificateArn,
    );
  }
  for (const email of environment.alarmEmails ?? []) {
    report.require("alarmEmails", isEmail(email), "each be an e-mail address", email);
  }
  if (budget) {
    report.require("budget.email", isEmail(budget.email), "be an e-mail address", budget.email);
    report.range("budget.monthlyUsd", budget.monthlyUsd, 1, 1_000_000);
  }
  return report.problems;
}

function functionProblems(
  report: Report,
  prop: string,
  settings: FunctionSettings,
  maximumSeconds: number,
): void {
  report.range(`${prop}.memoryMb`, settings.memoryMb, 128, 10_240);
  report.range(`${prop}.timeoutSeconds`, settings.timeoutSeconds, 1, maximumSeconds);
  report.range(`${prop}.reservedConcurrency`, settings.reservedConcurrency, 1, 1_000_000);
}

function duplicates(environments: readonly Environment[]): string[] {
  const names = environments.map(({ name }) => name);
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return repeated.map(
    (name) => `environments: each name must be unique, got ${JSON.stringify(name)} more than once`,
  );
}

/** AWS refuses a reservation that would leave fewer than 100 unreserved executions in the Region. */
function quotaProblems(environments: readonly Environment[]): string[] {
  const byAccountAndRegion = new Map<string, Environment[]>();
  for (const environment of environments) {
    const key = `${environment.account.id ?? ""} ${environment.region}`;
    byAccountAndRegion.set(key, [...(byAccountAndRegion.get(key) ?? []), environment]);
  }
  return [...byAccountAndRegion.values()].flatMap((group) => {
    const quota = Math.min(...group.map(({ account }) => account.concurrencyQuota));
    const reserved = group.reduce(
      (sum, { apiFunction, streamFunction }) =>
        sum + apiFunction.reservedConcurrency + streamFunction.reservedConcurrency,
      0,
    );
    if (reserved + unreservedConcurrency <= quota) return [];
    const names = group.map(({ name }) => name).join(", ");
    return [
      `environments ${names}: reservedConcurrency must leave ${unreservedConcurrency} of the quota of ${quota} unreserved, got ${reserved} in total; lower it, or raise the quota "Concurrent executions" and then account.concurrencyQuota`,
    ];
  });
}

function isEmail(text: string): boolean {
  return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text);
}

function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

class Report {
  readonly problems: string[] = [];

  constructor(private readonly where: string) {}

  add(prop: string, problem: string): void {
    this.problems.push(`${this.where}: ${prop} ${problem}`);
  }

  require(prop: string, holds: boolean, rule: string, value: unknown): void {
    if (!holds) this.add(prop, `must ${rule}, got ${JSON.stringify(value)}`);
  }

  range(prop: string, value: number, minimum: number, maximum: number): void {
    const holds = Number.isInteger(value) && value >= minimum && value <= maximum;
    this.require(prop, holds, `be a whole number between ${minimum} and ${maximum}`, value);
  }
}
