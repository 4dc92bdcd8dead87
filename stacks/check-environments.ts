import { InvalidPropsError } from "../constructs/invalid-props-error";
import { rateWindowSeconds } from "../constructs/rate-window-seconds";
import { accountProblems } from "./account-problems";
import { applicationSchema, environmentSchema } from "./environment-schema";
import { problemsOf } from "./problems-of";

/** Concurrent executions that must stay unreserved in an account and Region. */
const unreservedConcurrency = 100;

export interface Configuration {
  readonly application: unknown;
  /** Previews included. */
  readonly environments: readonly unknown[];
}

/** The settings that the checks across several settings read. Any of them can be missing or of the wrong type. */
type Unchecked = { readonly [name in string]?: unknown } | null | undefined;

/**
 * Checks the whole configuration. environments.ts calls this when it is loaded, so no command starts with a wrong one.
 * @throws InvalidPropsError that lists every problem, one per line
 */
export function checkEnvironments(configuration: Configuration): void {
  const { application } = configuration;
  const environments = configuration.environments as readonly Unchecked[];
  const problems = [
    ...problemsOf("application", applicationSchema, application),
    ...lengthProblems(application as Unchecked),
    ...(environments.length === 0 ? ["environments: must list at least one environment, got []"] : []),
    ...environments.flatMap((environment, index) => {
      const where = label(environment, index);
      return [
        ...problemsOf(where, environmentSchema, environment),
        ...combinationProblems(where, environment),
      ];
    }),
    ...duplicates(environments),
    ...accountProblems(environments),
    ...sharedDomains(environments),
    ...quotaProblems(environments),
  ];
  if (problems.length > 0) throw new InvalidPropsError(problems);
}

function label(environment: Unchecked, index: number): string {
  const name = environment?.name;
  return typeof name === "string" ? `environment ${JSON.stringify(name)}` : `environments[${index}]`;
}

/** Every bucket's name has both, and S3 accepts 63 characters. */
function lengthProblems(application: Unchecked): string[] {
  const combined = `${application?.organization}${application?.name}`;
  if (combined.length <= 30) return [];
  return [
    `application: organization and name must have at most 30 characters together, got ${JSON.stringify(combined)}`,
  ];
}

/** Settings that are valid one by one, and wrong together. */
function combinationProblems(where: string, environment: Unchecked): string[] {
  const { domain, throttle, webAcl } = (environment ?? {}) as Readonly<Record<string, Unchecked>>;
  const problems: string[] = [];
  const [, certificateRegion] = /^arn:aws:acm:([\w-]+):/.exec(`${domain?.certificateArn}`) ?? [];
  if (certificateRegion && certificateRegion !== environment?.region) {
    problems.push(
      `${where}: domain.certificateArn must be a certificate in the environment's Region ${environment?.region}, got one in ${certificateRegion}; request or import one there`,
    );
  }
  const passing = Number(throttle?.requestsPerSecond) * rateWindowSeconds;
  const limit = webAcl?.requestsPerAddress;
  if (typeof limit === "number" && limit > passing) {
    problems.push(
      `${where}: webAcl.requestsPerAddress must be at most ${passing}, which is what throttle.requestsPerSecond allows in five minutes, got ${limit}; a higher limit would block nobody`,
    );
  }
  return problems;
}

function duplicates(environments: readonly Unchecked[]): string[] {
  const names = environments.map((environment) => environment?.name);
  const repeated = names.filter((name, index) => name !== undefined && names.indexOf(name) !== index);
  return repeated.map(
    (name) => `environments: each name must be unique, got ${JSON.stringify(name)} more than once`,
  );
}

/** API Gateway accepts a domain's name once per Region, and Route 53 one record per name. */
function sharedDomains(environments: readonly Unchecked[]): string[] {
  const withDomain = environments.flatMap((environment, index) => {
    const domain = environment?.domain as Unchecked;
    if (typeof domain?.name !== "string") return [];
    return [{ where: label(environment, index), region: environment?.region, domain }];
  });
  return withDomain.flatMap((one, index) => {
    const earlier = withDomain
      .slice(0, index)
      .find(
        ({ domain, region }) =>
          domain?.name === one.domain.name &&
          (region === one.region || (domain?.hostedZoneId && one.domain.hostedZoneId)),
      );
    if (!earlier) return [];
    return [
      `${one.where}: domain.name must be another than that of ${earlier.where}, got ${JSON.stringify(one.domain.name)} for both`,
    ];
  });
}

interface Reservation {
  readonly name: unknown;
  readonly quota: number;
  readonly reserved: number;
}

/** AWS refuses a reservation that would leave fewer than 100 unreserved executions in the Region. */
function quotaProblems(environments: readonly Unchecked[]): string[] {
  const byAccountAndRegion = new Map<string, Reservation[]>();
  for (const environment of environments) {
    const reservation = reservationOf(environment);
    if (!reservation) continue;
    const key = `${(environment?.account as Unchecked)?.id ?? ""} ${environment?.region}`;
    byAccountAndRegion.set(key, [...(byAccountAndRegion.get(key) ?? []), reservation]);
  }
  return [...byAccountAndRegion.values()].flatMap((group) => {
    const quota = Math.min(...group.map((reservation) => reservation.quota));
    const reserved = group.reduce((sum, reservation) => sum + reservation.reserved, 0);
    if (reserved + unreservedConcurrency <= quota) return [];
    const names = group.map(({ name }) => name).join(", ");
    // Each of an environment's two functions reserves at least one.
    const lower = quota - unreservedConcurrency >= 2 * group.length ? "lower it, " : "";
    return [
      `environments ${names}: reservedConcurrency must leave ${unreservedConcurrency} of the quota of ${quota} unreserved, got ${reserved} in total; ${lower}raise the quota "Concurrent executions" and then account.concurrencyQuota, or set reserveConcurrency to false`,
    ];
  });
}

/** Whatever else is wrong with the environment. @returns undefined if it reserves nothing, or if a number is missing */
function reservationOf(environment: Unchecked): Reservation | undefined {
  const { account, apiFunction, streamFunction } = (environment ?? {}) as Readonly<Record<string, Unchecked>>;
  const quota = account?.concurrencyQuota;
  const api = apiFunction?.reservedConcurrency;
  const stream = streamFunction?.reservedConcurrency;
  if (environment?.reserveConcurrency === false) return undefined;
  if (typeof quota !== "number" || typeof api !== "number" || typeof stream !== "number") return undefined;
  return { name: environment?.name, quota, reserved: api + stream };
}
