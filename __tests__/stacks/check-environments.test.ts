import { checkEnvironments } from "../../stacks/check-environments";
import { application, environments, previews } from "../../stacks/environments";
import { everySwitch } from "../support/every-switch";

const [dev] = environments;
const valid = { application, environments };

const check = (changes: object) => () => checkEnvironments({ ...valid, ...changes });
const checkDev = (changes: object) => check({ environments: [{ ...dev, ...changes }] });

/** `dev` without some of its settings. */
const without = (...names: readonly string[]) =>
  check({
    environments: [Object.fromEntries(Object.entries(dev).filter(([name]) => !names.includes(name)))],
  });

describe("checkEnvironments", () => {
  it("accepts the current configuration, and a preview with the longest name", () => {
    expect(check({ environments: [...environments, ...previews("p".repeat(20))] })).not.toThrow();
  });

  it("accepts every two switches that the stacks support together", () => {
    const account = { ...dev.account, concurrencyQuota: 1_000_000 };

    expect(
      check({ environments: everySwitch.map((environment) => ({ ...environment, account })) }),
    ).not.toThrow();
  });

  it("reports every problem at once", () => {
    const wrong = checkDev({
      name: "Dev",
      region: "Europe",
      account: { ...dev.account, id: "12" },
      apiFunction: { memoryMb: 64, timeoutSeconds: 29, reservedConcurrency: 0 },
      streamFunction: { memoryMb: 20_000, timeoutSeconds: 901, reservedConcurrency: 1.5 },
      throttle: { requestsPerSecond: 0, burst: 5_001 },
      logRetentionDays: 15,
      logLevel: "debug",
      authorization: { type: "NONE", reason: " " },
      allowedOrigin: "app.example.com/",
      trustedAccountIds: ["1"],
      domain: { name: "https://api.example.com", certificateArn: "a certificate" },
      alarmEmails: ["ops@example.com", "nobody"],
      budget: { monthlyUsd: 0, email: "nobody" },
      webACL: true,
    });

    expect(wrong).toThrow(
      new Error(
        [
          'name must match [a-z][a-z0-9-]{0,18}[a-z0-9], got "Dev"',
          'region must be an AWS Region listed in stacks/aws-regions.ts, such as eu-west-1, got "Europe"',
          'account.id must have 12 digits, in quotes, got "12"',
          "apiFunction.memoryMb must be a whole number of MB between 128 and 10240, got 64",
          "apiFunction.timeoutSeconds must be a whole number of seconds between 1 and 28, got 29",
          "apiFunction.reservedConcurrency must be a whole number of concurrent executions between 1 and 1000000, got 0",
          "streamFunction.memoryMb must be a whole number of MB between 128 and 10240, got 20000",
          "streamFunction.timeoutSeconds must be a whole number of seconds between 1 and 900, got 901",
          "streamFunction.reservedConcurrency must be a whole number of concurrent executions between 1 and 1000000, got 1.5",
          "throttle.requestsPerSecond must be a whole number of requests a second between 1 and 10000, got 0",
          "throttle.burst must be a whole number of requests between 1 and 5000, got 5001",
          'authorization.reason must explain why anyone can call the API, got " "',
          'allowedOrigin must be an origin in lower case, such as https://app.example.com, or *, got "app.example.com/"',
          'trustedAccountIds[0] must have 12 digits, in quotes, got "1"',
          'domain.name must be a host name in lower case, such as api.example.com, without https:// and path, got "https://api.example.com"',
          'domain.certificateArn must be the ARN of an ACM certificate, got "a certificate"',
          'logLevel must be one of DEBUG, INFO, WARN, ERROR, got "debug"',
          "logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got 15",
          'alarmEmails[1] must be an e-mail address, got "nobody"',
          "budget.monthlyUsd must be a whole number of USD between 1 and 1000000, got 0",
          'budget.email must be an e-mail address, got "nobody"',
          "webACL is not a setting; did you mean webAcl?",
        ]
          .map((problem) => `environment "Dev": ${problem}`)
          .join("\n"),
      ),
    );
  });

  it.each([
    ["alarmEmail", ["ops@example.com"], "alarmEmails"],
    ["webACL", true, "webAcl"],
    ["loglevel", "INFO", "logLevel"],
    ["trustedAccounts", [], "trustedAccountIds"],
    ["customKey", true, "customerKey"],
    ["logRetention", 14, "logRetentionDays"],
  ])("refuses the unknown setting %s and names the nearest one", (name, value, meant) => {
    expect(checkDev({ [name]: value })).toThrow(
      `environment "dev": ${name} is not a setting; did you mean ${meant}?`,
    );
  });

  it.each([
    [{ apiFunction: { ...dev.apiFunction, memory: 512 } }, "apiFunction.memory", "memoryMb"],
    [{ account: { ...dev.account, ID: "111122223333" } }, "account.ID", "id"],
    [{ alarms: { ...dev.alarms, apiLatency: 1 } }, "alarms.apiLatency", "apiLatencyMs"],
  ])("refuses unknown settings inside of others: %j", (changes, name, meant) => {
    expect(checkDev(changes)).toThrow(`${name} is not a setting; did you mean ${meant}?`);
  });

  it.each([
    [{ authorization: { type: "AWS_IAM", reasons: "x" } }, "authorization.reasons", "type"],
    [
      { domain: { name: "api.example.com", certificateArn: "x", zone: "Z1" } },
      "domain.zone",
      "name, certificateArn, hostedZoneId",
    ],
    [{ throttle: { ...dev.throttle, perMinute: 5 } }, "throttle.perMinute", "requestsPerSecond, burst"],
  ])("lists the settings there are if none is near: %j", (changes, name, known) => {
    expect(checkDev(changes)).toThrow(`${name} is not a setting; there is ${known}`);
  });

  it.each([
    [
      { apiFunction: undefined },
      "apiFunction must be an object, such as { ...defaults.apiFunction, memoryMb: 512 }, got undefined",
    ],
    [
      { apiFunction: null },
      "apiFunction must be an object, such as { ...defaults.apiFunction, memoryMb: 512 }, got null",
    ],
    [{ streamFunction: [] }, "streamFunction must be an object"],
    [{ region: null }, "region must be an AWS Region, such as eu-west-1, got null"],
    [
      { alarmEmails: undefined },
      "alarmEmails must be a list of e-mail addresses, got undefined: give it a value, or leave it out",
    ],
    [
      { alarmEmails: "ops@example.com" },
      'alarmEmails must be a list of e-mail addresses, got "ops@example.com"',
    ],
    [{ budget: null }, "budget must be an object with monthlyUsd and email, got null"],
    [{ webAcl: "true" }, 'webAcl must be true, false or { requestsPerAddress: 2_000 }, got "true"'],
    [{ webAcl: null }, "webAcl must be true, false or { requestsPerAddress: 2_000 }, got null"],
    [
      { webAcl: { requestsPerAddress: 9 } },
      "webAcl.requestsPerAddress must be a whole number of requests in five minutes between 10 and 2000000000, got 9",
    ],
    [
      { webAcl: {} },
      "webAcl.requestsPerAddress must be a whole number of requests in five minutes between 10 and 2000000000, but is missing",
    ],
    [
      { webAcl: { requestPerAddress: 2_000 } },
      "webAcl.requestPerAddress is not a setting; did you mean requestsPerAddress?",
    ],
    [
      { webAcl: { requestsPerAddress: 30_001 } },
      "webAcl.requestsPerAddress must be at most 30000, which is what throttle.requestsPerSecond allows in five minutes, got 30001; a higher limit would block nobody",
    ],
    [{ customerKey: "yes" }, 'customerKey must be true or false, got "yes"'],
    [{ deletionProtection: 1 }, "deletionProtection must be true or false, got 1"],
    [{ authorization: "IAM" }, 'authorization must be an object, such as { type: "AWS_IAM" }, got "IAM"'],
    [
      { authorization: { type: "IAM" } },
      'authorization.type must be one of AWS_IAM, COGNITO_USER_POOLS, NONE, got "IAM"',
    ],
    [
      { authorization: { type: "aws_iam" } },
      "authorization.type must be one of AWS_IAM, COGNITO_USER_POOLS, NONE",
    ],
    [
      { authorization: {} },
      "authorization.type must be one of AWS_IAM, COGNITO_USER_POOLS, NONE, but is missing",
    ],
    [
      { authorization: { type: "NONE" } },
      "authorization.reason must explain why anyone can call the API, but is missing",
    ],
    [
      { authorization: { type: "COGNITO_USER_POOLS", userPoolArns: [] } },
      "authorization.userPoolArns must list at least one user pool, got []",
    ],
    [
      { authorization: { type: "COGNITO_USER_POOLS", userPoolArns: ["eu-west-1_a"] } },
      "authorization.userPoolArns[0] must be the ARN of a Cognito user pool",
    ],
    [
      { account: { ...dev.account, id: 111122223333 } },
      "account.id must have 12 digits, in quotes, got 111122223333",
    ],
    [
      { throttle: { requestsPerSecond: Number.NaN, burst: 1 } },
      "throttle.requestsPerSecond must be a whole number of requests a second between 1 and 10000, got NaN",
    ],
    [
      { throttle: { requestsPerSecond: "100", burst: 1 } },
      "throttle.requestsPerSecond must be a whole number",
    ],
    [
      { region: "eu-west-9" },
      'region must be an AWS Region listed in stacks/aws-regions.ts, such as eu-west-1, got "eu-west-9"',
    ],
    [{ region: "EU-WEST-1" }, "region must be an AWS Region"],
    [{ region: "us-gov-west-1" }, "region must be an AWS Region listed in stacks/aws-regions.ts"],
    [{ logLevel: "Info" }, "logLevel must be one of DEBUG, INFO, WARN, ERROR"],
    [{ logLevel: "TRACE" }, "logLevel must be one of DEBUG, INFO, WARN, ERROR"],
    [{ logRetentionDays: "14" }, "logRetentionDays must be one of"],
    [{ allowedOrigin: "https://app.example.com/" }, "allowedOrigin must be an origin"],
    [{ allowedOrigin: "https://App.example.com" }, "allowedOrigin must be an origin in lower case"],
    [{ trustedAccountIds: ["111122223333", "111122223333"] }, "trustedAccountIds must name each entry once"],
    [{ name: "account" }, "name must not begin with account"],
    [{ name: "account-test" }, "name must not begin with account"],
    [{ name: "dev-" }, "name must match"],
  ])("refuses %j", (changes, problem) => {
    expect(checkDev(changes)).toThrow(problem);
  });

  it.each(["region", "apiFunction", "alarms", "logLevel", "deletionProtection", "throttle"])(
    "refuses an environment without %s",
    (name) => {
      expect(without(name)).toThrow(new RegExp(`environment "dev": ${name} must .*, but is missing`));
    },
  );

  it("calls an environment without a name by its place in the list", () => {
    expect(without("name")).toThrow("environments[0]: name must match");
    expect(check({ environments: [dev, null] })).toThrow(
      'environments[1]: must be an object, such as { ...defaults, name: "test" }, got null',
    );
  });

  it.each([
    ["another Region", "arn:aws:acm:us-east-1:111122223333:certificate/a", "got one in us-east-1"],
    ["IAM", "arn:aws:iam::111122223333:server-certificate/a", "must be the ARN of an ACM certificate"],
    ["nowhere", "arn:aws:acm::111122223333:certificate/a", "must be the ARN of an ACM certificate"],
  ])("refuses a certificate of %s", (_, certificateArn, problem) => {
    expect(checkDev({ domain: { name: "api.example.com", certificateArn } })).toThrow(problem);
  });

  it.each([
    "https://api.example.com",
    "api.example.com/v1",
    "API.example.com",
    "localhost",
    "*.example.com",
    "api_.example.com",
    "api.example.com.",
  ])("refuses the domain name %s", (name) => {
    const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/a";

    expect(checkDev({ domain: { name, certificateArn } })).toThrow("domain.name must be a host name");
  });

  it("reports a certificate of another Region together with other problems", () => {
    const domain = { name: "x", certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/a" };

    expect(checkDev({ domain, logLevel: "debug" })).toThrow(
      /domain\.name must.*logLevel must.*certificate in the environment's Region eu-west-1/s,
    );
  });

  it("refuses a domain that another environment has in the same Region or zone", () => {
    const domain = {
      name: "api.example.com",
      certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/a",
    };
    const elsewhere = { ...domain, certificateArn: domain.certificateArn.replace("eu-west-1", "us-east-1") };
    const hostedZoneId = "Z1";
    const two = (one: object, other: object) =>
      check({
        environments: [
          { ...dev, domain: one },
          { ...dev, name: "two", ...other },
        ],
      });
    const problem =
      'environment "two": domain.name must be another than that of environment "dev", got "api.example.com" for both';

    expect(two(domain, { domain })).toThrow(problem);
    expect(
      two({ ...domain, hostedZoneId }, { region: "us-east-1", domain: { ...elsewhere, hostedZoneId } }),
    ).toThrow(problem);
    expect(two(domain, { region: "us-east-1", domain: elsewhere })).not.toThrow();
    expect(two(domain, { domain: { ...domain, name: "two.example.com" } })).not.toThrow();
    expect(two(domain, {})).not.toThrow();
  });

  it("refuses two environments with the same name, and an empty list", () => {
    expect(check({ environments: [dev, dev] })).toThrow(
      'environments: each name must be unique, got "dev" more than once',
    );
    expect(check({ environments: [] })).toThrow("environments: must list at least one environment, got []");
  });

  it.each([
    [
      { application: { ...application, name: "a".repeat(20), organization: "o".repeat(20) } },
      "application: organization and name must have at most 30 characters together",
    ],
    [{ application: { ...application, owner: "" } }, "application: owner must have 1 to 256 letters"],
    [
      { application: { ...application, repository: "https://example.com/" } },
      "application: repository must be an https URL without a trailing slash",
    ],
    [
      { application: { ...application, organisation: "example" } },
      "application: organisation is not a setting; did you mean organization?",
    ],
  ])("refuses %j for the application as a whole", (changes, problem) => {
    expect(check(changes)).toThrow(problem);
  });

  it.each([
    [
      { stateBackend: { bucket: "State_Bucket", region: "eu-west-1" } },
      "account.stateBackend.bucket must be a bucket name",
    ],
    [
      { stateBackend: { bucket: "state-bucket", region: "eu-west" } },
      "account.stateBackend.region must be an AWS Region",
    ],
    [
      { pipelineAccess: { issuer: "https://token.actions.githubusercontent.com", subject: "repo:a/b:*" } },
      "account.pipelineAccess.issuer must be a host name",
    ],
    [
      { pipelineAccess: { issuer: "token.actions.githubusercontent.com", subject: "*" } },
      "account.pipelineAccess.subject must name the owner whose tokens are accepted in full",
    ],
    [
      { pipelineAccess: { issuer: "token.actions.githubusercontent.com", subject: "repo:e*" } },
      'such as repo:example/serverless-app:*, got "repo:e*"',
    ],
    [{ pipelineAccess: null }, "account.pipelineAccess must be an object with issuer and subject, got null"],
    [{ stateBackend: undefined }, "account.stateBackend must be an object with bucket and region"],
    [{ name: "Production" }, "account.name must match"],
  ])("refuses %j for an account", (changes, problem) => {
    expect(checkDev({ account: { ...dev.account, ...changes } })).toThrow(problem);
  });

  it("refuses reservations that leave an account fewer than 100 executions, and says what to do", () => {
    const account = { ...dev.account, concurrencyQuota: 319 };
    const settings = { memoryMb: 128, timeoutSeconds: 10, reservedConcurrency: 55 };
    const environment = { ...dev, account, apiFunction: settings, streamFunction: settings };
    const [one, two] = [
      { ...environment, name: "one" },
      { ...environment, name: "two" },
    ];

    expect(check({ environments: [one, two] })).toThrow(
      'environments one, two: reservedConcurrency must leave 100 of the quota of 319 unreserved, got 220 in total; lower it, raise the quota "Concurrent executions" and then account.concurrencyQuota, or set reserveConcurrency to false',
    );
    expect(check({ environments: [one, { ...two, region: "us-east-1" }] })).not.toThrow();
    expect(check({ environments: [one, { ...two, reserveConcurrency: false }] })).not.toThrow();
    const other = {
      name: "other",
      id: "222233334444",
      stateBackend: { ...account.stateBackend, bucket: "other" },
    };
    expect(
      check({
        environments: [
          { ...one, account: { ...account, id: "111122223333" } },
          { ...two, account: { ...account, ...other } },
        ],
      }),
    ).not.toThrow();
  });

  it("refuses them together with an environment's other problems", () => {
    const account = { id: "12", concurrencyQuota: 150 };

    expect(checkDev({ account, logLevel: "debug", nmae: "x" })).toThrow(
      /account\.id must.*logLevel must.*nmae is not a setting.*reservedConcurrency must leave 100 of the quota of 150/s,
    );
  });

  it.each([
    [{ account: {} }],
    [{ apiFunction: { memoryMb: 128, timeoutSeconds: 1, reservedConcurrency: "many" } }],
    [{ streamFunction: null }],
    [null],
  ])("does not judge reservations whose numbers are missing: %j", (changes) => {
    expect(check({ environments: [changes && { ...dev, ...changes }] })).toThrow(/^(?!.*must leave)/s);
  });

  it.each([10, 50, 100, 101])(
    "says for a quota of %i that only a higher quota or no reservation helps, because nothing can be reserved",
    (concurrencyQuota) => {
      const inNewAccount = { account: { ...dev.account, concurrencyQuota } };

      expect(checkDev(inNewAccount)).toThrow(
        new Error(
          `environments dev: reservedConcurrency must leave 100 of the quota of ${concurrencyQuota} unreserved, got 110 in total; raise the quota "Concurrent executions" and then account.concurrencyQuota, or set reserveConcurrency to false`,
        ),
      );
      expect(checkDev({ ...inNewAccount, reserveConcurrency: false })).not.toThrow();
    },
  );
});
