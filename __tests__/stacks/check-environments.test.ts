import { checkEnvironments } from "../../stacks/check-environments";
import { application, type Environment, environments, previews } from "../../stacks/environments";

const [dev] = environments;
const check = (changes: Partial<Environment>) => () =>
  checkEnvironments(application, [{ ...dev, ...changes }]);

describe("checkEnvironments", () => {
  it("accepts the current configuration, and a preview with the longest name", () => {
    expect(() =>
      checkEnvironments(application, [...environments, ...previews("p".repeat(20))]),
    ).not.toThrow();
  });

  it("reports every problem at once", () => {
    const wrong = check({
      name: "Dev",
      region: "Europe",
      account: { id: "12", concurrencyQuota: 1_000 },
      apiFunction: { memoryMb: 64, timeoutSeconds: 29, reservedConcurrency: 0 },
      streamFunction: { memoryMb: 20_000, timeoutSeconds: 901, reservedConcurrency: 1.5 },
      throttle: { requestsPerSecond: 0, burst: 5_001 },
      logRetentionDays: 15,
      authorization: { type: "NONE", reason: " " },
      allowedOrigin: "app.example.com/",
      trustedAccountIds: ["1"],
      domain: { name: "api.example.com", certificateArn: "a certificate" },
      alarmEmails: ["nobody"],
      budget: { monthlyUsd: 0, email: "nobody" },
    });

    expect(wrong).toThrow(
      [
        'environment "Dev": name must match [a-z][a-z0-9-]{0,18}[a-z0-9], got "Dev"',
        'environment "Dev": region must be an AWS Region, such as eu-west-1, got "Europe"',
        'environment "Dev": account.id must have 12 digits, got "12"',
        'environment "Dev": apiFunction.memoryMb must be a whole number between 128 and 10240, got 64',
        'environment "Dev": apiFunction.timeoutSeconds must be a whole number between 1 and 28, got 29',
        'environment "Dev": apiFunction.reservedConcurrency must be a whole number between 1 and 1000000, got 0',
        'environment "Dev": streamFunction.memoryMb must be a whole number between 128 and 10240, got 20000',
        'environment "Dev": streamFunction.timeoutSeconds must be a whole number between 1 and 900, got 901',
        'environment "Dev": streamFunction.reservedConcurrency must be a whole number between 1 and 1000000, got 1.5',
        'environment "Dev": throttle.requestsPerSecond must be a whole number between 1 and 10000, got 0',
        'environment "Dev": throttle.burst must be a whole number between 1 and 5000, got 5001',
        'environment "Dev": logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got 15',
        'environment "Dev": authorization.reason must explain why anyone can call the API, got " "',
        'environment "Dev": allowedOrigin must be an origin, such as https://app.example.com, or *, got "app.example.com/"',
        'environment "Dev": trustedAccountIds must each have 12 digits, got "1"',
        'environment "Dev": domain.certificateArn must be the ARN of an ACM certificate, got "a certificate"',
        'environment "Dev": alarmEmails must each be an e-mail address, got "nobody"',
        'environment "Dev": budget.email must be an e-mail address, got "nobody"',
        'environment "Dev": budget.monthlyUsd must be a whole number between 1 and 1000000, got 0',
      ].join("\n"),
    );
  });

  it("refuses the name that account-stack uses", () => {
    expect(check({ name: "account" })).toThrow(
      'environment "account": name must not be "account": that name is taken by account-stack',
    );
  });

  it("refuses user-pool authorization without a user pool", () => {
    expect(check({ authorization: { type: "COGNITO_USER_POOLS", userPoolArns: [] } })).toThrow(
      "authorization.userPoolArns must list at least one user pool, got []",
    );
  });

  it("refuses two environments with the same name", () => {
    expect(() => checkEnvironments(application, [dev, dev])).toThrow(
      'environments: each name must be unique, got "dev" more than once',
    );
  });

  it("refuses names that are too long for a bucket name", () => {
    const long = { ...application, name: "a".repeat(20), organization: "o".repeat(20) };

    expect(() => checkEnvironments(long, [])).toThrow(
      "application: organization and name must have at most 30 characters together",
    );
  });

  it("refuses reservations that leave an account fewer than 100 executions, and says what to do", () => {
    const account = { concurrencyQuota: 319 };
    const settings = { memoryMb: 128, timeoutSeconds: 10, reservedConcurrency: 55 };
    const [one, two] = ["one", "two"].map((name) => ({
      ...dev,
      name,
      account,
      apiFunction: settings,
      streamFunction: settings,
    })) as [Environment, Environment];

    expect(() => checkEnvironments(application, [one, two])).toThrow(
      'environments one, two: reservedConcurrency must leave 100 of the quota of 319 unreserved, got 220 in total; lower it, or raise the quota "Concurrent executions" and then account.concurrencyQuota',
    );
    expect(() => checkEnvironments(application, [one, { ...two, region: "us-east-1" }])).not.toThrow();
    expect(() =>
      checkEnvironments(application, [one, { ...two, account: { ...account, id: "111122223333" } }]),
    ).not.toThrow();
  });
});
