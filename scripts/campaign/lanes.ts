import { jestOutcome, jestReport, mutationOutcome, type Outcome } from "./outcomes";

export interface Lane {
  readonly name: string;
  readonly does: string;
  /** A program in node_modules/.bin, with its arguments. */
  readonly command: readonly string[];
  /** Runs these tests with this program instead of Terraform, and only where it is installed. */
  readonly engine?: string;
  /** Whether its tests run at full size. @default true */
  readonly fullSize?: boolean;
  readonly outcome: (exitCode: number) => Outcome;
}

function jest(...given: readonly string[]): readonly string[] {
  return ["jest", "--ci", "--json", "--outputFile", jestReport, ...given];
}

/** Runs suites of end-to-end tests. */
function endToEnd(...suites: readonly string[]): readonly string[] {
  return jest(
    ...["--config", "__tests__/e2e/jest.config.js"],
    ...suites.map((suite) => `__tests__/e2e/${suite}.test.ts`),
  );
}

export const lanes: readonly Lane[] = [
  {
    name: "handlers",
    does: "the functions under fuzzed input, injected faults and the simulated stream mapping",
    command: jest("__tests__/lambda-src"),
    outcome: jestOutcome,
  },
  {
    name: "deployment",
    does: "npm start, stopped in every way at every step; every fault, injected into a live deployment and found by npm run verify; schemathesis with 2,000 examples per operation; the runbook's replay, and npm run destroy",
    command: endToEnd("start", "loss", "served-stack", "verify", "schemathesis", "runbook", "destroy"),
    outcome: jestOutcome,
  },
  {
    name: "drift",
    does: "every attribute that Terraform can change in place, changed on AWS, and each kind of thing attached from outside: how many of them npm run drift names",
    command: endToEnd("drift"),
    outcome: jestOutcome,
  },
  {
    name: "switches",
    does: "environments that cover every pair of switches in stacks/environments.ts, each deployed to an emulator",
    command: endToEnd("switches"),
    outcome: jestOutcome,
  },
  {
    name: "launcher",
    does: "many programs started at the same moment, with and without locks left behind by earlier ones",
    command: jest("supervise", "run-lock"),
    outcome: jestOutcome,
  },
  {
    name: "opentofu",
    does: "npm start, npm run verify, plan-guard, diff, state and destroy with OpenTofu",
    engine: "tofu",
    command: endToEnd(
      ...["start", "served-stack", "verify", "plan-guard", "planning-a-change", "state-commands", "destroy"],
    ),
    fullSize: false,
    outcome: jestOutcome,
  },
  {
    name: "plans",
    does: "plan-guard, with every attribute of every resource in every stack changed in every direction",
    command: jest("__tests__/scripts/plan-guard"),
    outcome: jestOutcome,
  },
  {
    name: "infrastructure",
    does: "every value of every stack's JSON mutated, for the guardrails and Terraform to find",
    command: endToEnd("infrastructure-mutation"),
    outcome: jestOutcome,
  },
  {
    name: "models",
    does: "all of AWS's service models: each operation's smallest request, requests that break one rule each, AWS's examples",
    command: jest("--testTimeout", "3600000", "__tests__/packages/laptop/service-models"),
    outcome: jestOutcome,
  },
  {
    name: "mutation",
    does: "the functions' tests against mutants, each with one wrong piece of code (Stryker)",
    command: ["stryker", "run", "__tests__/lambda-src/mutation/stryker.config.mjs", "--force"],
    // The tests run once per mutant.
    fullSize: false,
    outcome: (exitCode) => mutationOutcome(exitCode, { report: "report.json", scoreAtLeast: 90 }),
  },
  {
    name: "alarm-mutation",
    does: "the tests of the alarms' evaluation against mutants",
    command: ["stryker", "run", "__tests__/packages/alarms/mutation/stryker.config.mjs", "--force"],
    fullSize: false,
    outcome: (exitCode) => mutationOutcome(exitCode, { report: "alarms-report.json", scoreAtLeast: 95 }),
  },
];
