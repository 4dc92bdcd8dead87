import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { Finding } from "../../scripts/lib/finding";
import { type Environment, environments } from "../../stacks/environments";
import { ProjectCopy } from "../support/project-copy";
import { recordDeployment } from "../support/suite-usage";
import { changesLeft } from "./changes-left";
import { engine, run } from "./deployment";
import { Launcher, processesOf } from "./launcher";
import { describeLiveStack } from "./live-stack";
import { ofAccount, signedFetch } from "./signed-fetch";
import { switchRequests } from "./switch-requests";
import { linkTools } from "./tools";

/** The account and the stacks of it: staging is in another Region than dev, and prod in another account. */
const accounts = [
  ["000000000000", ["account-stack", "dev-stack"]],
  ["222222222222", ["account-production-stack", "prod-stack"]],
] as const;
const stacks = accounts.flatMap(([account, names]) => names.map((stack) => [stack, account] as const));

/** What staging is deployed with here. The campaign deploys every two switches together. */
const switched = {
  region: "eu-central-1",
  allowedOrigin: "https://app.example.com",
  trustedAccountIds: ["222233334444"],
  webAcl: { requestsPerAddress: 1_000 },
  reserveConcurrency: false,
  logLevel: "ERROR",
  alarmEmails: ["ops@example.com"],
  budget: { monthlyUsd: 50, email: "ops@example.com" },
} as const satisfies Partial<Environment>;

/**
 * Fills an empty emulator with everything that an account holds, in the steps that README.md describes for AWS. The
 * tests run in order: each continues where the previous one ended.
 */
describe("environments in two Regions and two accounts", () => {
  const clone = new ProjectCopy("clone").linkDependencies();
  let launcher: Launcher;

  /**
   * Runs `npm run local -- env AWS_ACCESS_KEY_ID=<account> <command>`, without npm, which takes half a second of CPU time.
   */
  const as = (account: string, ...command: string[]) =>
    run(
      process.execPath,
      ["scripts/run.mjs", "scripts/local.ts", "env", `AWS_ACCESS_KEY_ID=${account}`, ...command],
      clone.folder,
    );

  beforeAll(async () => {
    linkTools(clone.folder);
    changeEnvironments(clone);
    launcher = new Launcher(clone.folder, { arguments: ["--empty"] });
    await launcher.waitFor(/Ctrl-C stops it/, 120);
  });

  afterAll(async () => {
    await launcher?.interrupt();
    expect(processesOf(clone.folder)).toEqual([]);
    clone.remove();
  });

  it.each(accounts)("shows in the doctor what the empty account %s lacks", async (account) => {
    const { code, stdout } = await as(account, "npm", "run", "--silent", "doctor").then(
      (finished) => ({ code: 0, ...finished }),
      (failed: Output & { readonly code: number }) => failed,
    );

    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ state bucket.*\n +→ npm run bootstrap/m);
    expect(stdout).toMatch(/^✗ API Gateway's log role.*\n +→ npm run bootstrap/m);
  });

  it.each(accounts)(
    "bootstraps the account %s, changes nothing the second time, and the doctor then finds no problems",
    async (account) => {
      await as(account, "npm", "run", "bootstrap", "--", "--yes");
      const again = await as(account, "npm", "run", "bootstrap", "--", "--yes");
      const doctor = await as(account, "npm", "run", "--silent", "doctor");

      expect(plainText(again)).toContain("Apply complete! Resources: 0 added, 0 changed, 0 destroyed.");
      expect(doctor.stdout).toMatch(/, 0 failed$/m);
    },
  );

  it("deploys all environments at the same time", async () => {
    await as("000000000000", "npx", "cdktf", "synth");
    const deploy = (account: string, ...names: readonly string[]) =>
      as(
        account,
        ...["npx", "cdktf", "deploy", ...names, "--skip-synth"],
        ...["--auto-approve", "--parallelism", "3"],
      );

    const deployments = await Promise.all([
      deploy("000000000000", "dev-stack", "staging-stack"),
      deploy("222222222222", "prod-stack"),
    ]);

    recordDeployment("dev, staging and prod, deployed for this suite alone");
    expect(deployments.flatMap(({ stdout }) => stdout.match(/Apply complete!/g))).toHaveLength(3);
  });

  it("cannot deploy an environment with the other account's credentials", async () => {
    const wrong = as("000000000000", engine, "-chdir=cdktf.out/stacks/prod-stack", "plan", "-input=false");

    expect(plainText(await wrong.catch((error: Output) => error))).toContain("Access Denied");
  });

  it.each<[string, string, readonly string[]]>([
    ["dev-stack", "000000000000", []],
    ["staging-stack", "000000000000", []],
    // What docs/local-aws.md says about other accounts.
    ["prod-stack", "222222222222", ["traces/request"]],
  ])("verifies %s in account %s", async (stack, account, expected) => {
    const verify = ["npm", "run", "--silent", "verify", "--", stack, "--json"];
    const { stdout } = await as(account, ...verify).catch((failed: Output) => failed);

    const { findings }: { readonly findings: readonly Finding[] } = JSON.parse(stdout);
    const failed = findings.filter(({ verdict }) => verdict === "failed");
    expect(failed.filter(({ check }) => !expected.includes(check))).toEqual([]);
    expect(failed.map(({ check }) => check)).toEqual(expected);
  });

  it.each(stacks)("has no changes left to deploy in %s", async (stack, account) => {
    // What cdktf diff runs, on what the deployment has synthesized; in one stack cdktf diff itself.
    const plan =
      stack === "prod-stack"
        ? ["npx", "cdktf", "diff", stack]
        : [engine, `-chdir=cdktf.out/stacks/${stack}`, "plan", "-input=false"];
    const diff = await as(account, ...plan);

    expect(plainText(diff)).toContain("No changes. Your infrastructure matches the configuration.");
  });

  it("has no changes left to deploy in staging-stack, whose switches work as they are set", async () => {
    const planned = await as(
      "000000000000",
      ...[engine, "-chdir=cdktf.out/stacks/staging-stack", "plan", "-no-color"],
    );
    const requests = await switchRequests({ ...environments[1], ...switched }, await apiUrl("staging"));

    expect(changesLeft(planned.stdout)).toEqual([]);
    expect(Object.entries(requests).filter(([, { actual, expected }]) => actual !== expected)).toEqual([]);
  });

  it("delivers a request's access-log line to the log bucket exactly once, in an object that is compressed once", async () => {
    const response = await signedFetch(`${await apiUrl("dev")}/items/nobody`);
    const requestId = response.headers.get("x-amzn-requestid");

    const lines = await deliveredLines(endpoint(), (line) => line.requestId === requestId);

    expect(lines).toEqual([
      expect.objectContaining({
        requestId,
        httpMethod: "GET",
        resourcePath: "/items/{id}",
        status: "404",
        extendedRequestId: expect.any(String),
      }),
    ]);
  });

  it("isolates environments: prod does not have an item of dev", async () => {
    const headers = { "content-type": "application/json" };
    const body = '{"id":"of-dev","data":{}}';
    const [dev, prod] = [await apiUrl("dev"), await apiUrl("prod")];

    const created = await signedFetch(`${dev}/items`, { method: "POST", headers, body });
    const inDev = await signedFetch(`${dev}/items/of-dev`, { headers });
    const inProd = await signedFetch(`${prod}/items/of-dev`, { headers }, ofAccount("222222222222"));

    expect([created.status, inDev.status, inProd.status]).toEqual([201, 200, 404]);
  });

  describeLiveStack("dev, as its callers, consumers and operators see it,", async () => ({
    environment: "dev",
    endpoint: endpoint(),
    outputs: await outputsOf("dev"),
  }));

  it("refuses to destroy prod's protected resources", async () => {
    // Calls Terraform itself, because cdktf can exit before it has printed all of Terraform's output.
    const destroyed = as(
      "222222222222",
      engine,
      "-chdir=cdktf.out/stacks/prod-stack",
      "plan",
      "-destroy",
      "-input=false",
    );

    const failure: Output = await destroyed.catch((error) => error);

    expect(plainText(failure)).toContain("Instance cannot be destroyed");
  });

  function endpoint(): string {
    return /AWS_ENDPOINT_URL=(\S+)/.exec(launcher.output)?.[1] ?? "";
  }

  async function apiUrl(environment: "dev" | "staging" | "prod"): Promise<string> {
    const outputs = await outputsOf(environment);
    return `${endpoint()}/restapis/${outputs["api-id"]}/${environment}/_user_request_`;
  }

  async function outputsOf(
    environment: "dev" | "staging" | "prod",
  ): Promise<Readonly<Record<string, string>>> {
    const stack = `${environment}-stack`;
    const account = environment === "prod" ? "222222222222" : "000000000000";
    const { stdout } = await as(account, "npm", "run", "--silent", "outputs", "--", stack, "--json");
    return JSON.parse(stdout);
  }
});

/** Puts staging with its switches into another Region and, as docs/accounts.md says, prod into another account. */
function changeEnvironments(clone: ProjectCopy): void {
  const [, production] =
    /```ts\n(const production.*?)```/s.exec(readFileSync("docs/accounts.md", "utf8")) ?? [];
  const file = path.join(clone.folder, "stacks/environments.ts");
  const staging = JSON.stringify({ name: "staging", ...switched }).slice(1, -1);
  let text = readFileSync(file, "utf8");
  for (const [before, after] of [
    ["const account: Account = {", '$&\n  id: "000000000000",'],
    ["const defaults =", `${production}\n$&`],
    ['name: "staging"', staging],
    ['name: "prod"', "$&, account: production"],
  ] as const) {
    expect(text).toContain(before);
    text = text.replace(before, after);
  }
  writeFileSync(file, text);
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** A command's output without colours, and without the line breaks and the frame around messages. */
function plainText({ stdout, stderr }: Output): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern must match the escape character
  return `${stdout}${stderr}`.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "").replace(/\s*\n[\s│]*/g, " ");
}

type LogLine = Readonly<Record<string, unknown>>;

/** Waits at most a minute for matching lines in dev's log bucket. */
async function deliveredLines(endpoint: string, matches: (line: LogLine) => boolean): Promise<LogLine[]> {
  const s3 = new S3Client({
    endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    forcePathStyle: true,
  });
  const Bucket = "example-serverless-app-access-logs-dev";
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "access-log/year=" }));
    const objects = await Promise.all(
      Contents.map(async ({ Key }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        return gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString();
      }),
    );
    const lines = objects.flatMap((text) =>
      text
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    );
    const found = lines.filter(matches);
    if (found.length > 0 || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
