import { gunzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { Finding } from "../../scripts/lib/finding";
import { ProjectCopy } from "../support/project-copy";
import { recordDeployment } from "../support/suite-usage";
import { run } from "./deployment";
import { Launcher, processesOf } from "./launcher";
import { describeLiveStack } from "./live-stack";
import { signedFetch } from "./signed-fetch";
import { linkTools } from "./tools";

const stacks = ["account-stack", "dev-stack", "staging-stack", "prod-stack"];

/**
 * Fills an empty emulator with everything that an account holds, in the steps that README.md describes for AWS. The
 * tests run in order: each continues where the previous one ended.
 */
describe("every environment, and the account they live in", () => {
  const clone = new ProjectCopy("clone").linkDependencies();
  let launcher: Launcher;

  /** Runs `npm run local -- <command>`, without npm: it takes half a second of CPU time. */
  const local = (...command: string[]) =>
    run(process.execPath, ["scripts/run.mjs", "scripts/local.ts", ...command], clone.folder);

  beforeAll(async () => {
    linkTools(clone.folder);
    launcher = new Launcher(clone.folder, { arguments: ["--empty"] });
    await launcher.waitFor(/Ctrl-C stops it/, 120);
  });

  afterAll(async () => {
    await launcher?.interrupt();
    expect(processesOf(clone.folder)).toEqual([]);
    clone.remove();
  });

  it("shows in the doctor what an empty account lacks", async () => {
    const { code, stdout } = await local("npm", "run", "--silent", "doctor").then(
      (finished) => ({ code: 0, ...finished }),
      (failed: Output & { readonly code: number }) => failed,
    );

    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ state bucket.*\n +→ npm run bootstrap/m);
    expect(stdout).toMatch(/^✗ API Gateway's log role.*\n +→ npm run bootstrap/m);
  });

  it("bootstraps the account, changes nothing the second time, and the doctor then finds no problems", async () => {
    await local("npm", "run", "bootstrap", "--", "--yes");
    const again = await local("npm", "run", "bootstrap", "--", "--yes");
    const doctor = await local("npm", "run", "--silent", "doctor");

    expect(plainText(again)).toContain("Apply complete! Resources: 0 added, 0 changed, 0 destroyed.");
    expect(doctor.stdout).toContain(" passed, 0 failed");
  });

  it("deploys dev, staging and prod in parallel", async () => {
    const { stdout } = await local(
      ...["npx", "cdktf", "deploy", "dev-stack", "staging-stack", "prod-stack"],
      ...["--auto-approve", "--parallelism", "3"],
    );

    recordDeployment("dev, staging and prod, deployed for this suite alone");
    expect(stdout.match(/Apply complete!/g)).toHaveLength(3);
  });

  it.each(["dev-stack", "prod-stack"])("verifies %s", async (stack) => {
    const { stdout } = await local("npm", "run", "--silent", "verify", "--", stack, "--json");

    const { findings }: { readonly findings: readonly Finding[] } = JSON.parse(stdout);
    expect(findings.filter(({ verdict }) => verdict === "failed")).toEqual([]);
  });

  it.each(stacks)("has no changes left to deploy in %s", async (stack) => {
    // What cdktf diff runs, on what the deployment has synthesized; in one stack cdktf diff itself.
    const plan =
      stack === "prod-stack"
        ? ["npx", "cdktf", "diff", stack]
        : ["terraform", `-chdir=cdktf.out/stacks/${stack}`, "plan", "-input=false"];
    const diff = await local(...plan);

    expect(plainText(diff)).toContain("No changes. Your infrastructure matches the configuration.");
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
    const inProd = await signedFetch(`${prod}/items/of-dev`, { headers });

    expect([created.status, inDev.status, inProd.status]).toEqual([201, 200, 404]);
  });

  describeLiveStack("dev, as its callers, consumers and operators see it,", async () => ({
    environment: "dev",
    endpoint: endpoint(),
    outputs: await outputsOf("dev"),
  }));

  it("refuses to destroy prod's protected resources", async () => {
    // Calls Terraform itself, because cdktf can exit before it has printed all of Terraform's output.
    const destroyed = local(
      "terraform",
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

  async function apiUrl(environment: "dev" | "prod"): Promise<string> {
    const outputs = await outputsOf(environment);
    return `${endpoint()}/restapis/${outputs["api-id"]}/${environment}/_user_request_`;
  }

  async function outputsOf(environment: "dev" | "prod"): Promise<Readonly<Record<string, string>>> {
    const outputs = ["npm", "run", "--silent", "outputs", "--", `${environment}-stack`, "--json"];
    const { stdout } = await local(...outputs);
    return JSON.parse(stdout);
  }
});

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
