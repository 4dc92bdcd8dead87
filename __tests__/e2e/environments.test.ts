import { gunzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { ProjectCopy } from "../support/project-copy";
import { apiUrl, clientConfig, run, signedHeaders } from "./deployment";
import { Launcher, processesOf } from "./launcher";
import { linkTools } from "./tools";

const stacks = ["account-stack", "dev-stack", "staging-stack", "prod-stack"];

/** All that an account holds, on one emulator, in order: each test goes on where the one before ended. */
describe("every environment, and the account they live in", () => {
  const clone = new ProjectCopy("clone").linkDependencies();
  let launcher: Launcher;

  const npm = (...commandArguments: string[]) =>
    run("npm", ["run", "--silent", ...commandArguments], clone.folder);

  beforeAll(async () => {
    linkTools(clone.folder);
    launcher = new Launcher(clone.folder);
    await launcher.waitFor(/Ctrl-C stops it/, 500);
  });

  afterAll(async () => {
    await launcher?.interrupt();
    expect(processesOf(clone.folder)).toEqual([]);
    clone.remove();
  });

  it("bootstraps the account twice, and finds the state's bucket that is there", async () => {
    await npm("local", "--", "npm", "run", "bootstrap", "--", "--yes");
    const again = await npm("local", "--", "npm", "run", "bootstrap", "--", "--yes");

    expect(plain(again)).toContain("Apply complete! Resources: 0 added, 0 changed, 0 destroyed.");
  });

  it("deploys staging and prod beside dev, at once", async () => {
    const { stdout } = await npm(
      "local",
      "--",
      "npx",
      "cdktf",
      "deploy",
      "staging-stack",
      "prod-stack",
      "--auto-approve",
      "--parallelism",
      "2",
    );

    expect(stdout.match(/Apply complete!/g)).toHaveLength(2);
  });

  it.each(stacks)("has nothing left to change in %s", async (stack) => {
    const diff = await npm("local", "--", "npx", "cdktf", "diff", stack);

    expect(plain(diff)).toContain("No changes. Your infrastructure matches the configuration.");
  });

  it("brings the access-log line of a request, once, to the log bucket, in an object that gunzips once", async () => {
    const response = await fetch(`${apiUrl(launcher)}/items/nobody`, { headers: signedHeaders });
    const requestId = response.headers.get("x-amzn-requestid");

    const lines = await deliveredLines(launcher, (line) => line.requestId === requestId);

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

  it("keeps environments apart: an item of dev is none of prod's", async () => {
    const headers = { ...signedHeaders, "content-type": "application/json" };
    const body = '{"id":"of-dev","data":{}}';
    const { stdout } = await npm(
      "local",
      "--",
      "terraform",
      "-chdir=cdktf.out/stacks/prod-stack",
      "output",
      "-json",
    );
    const outputs: Readonly<Record<string, { readonly value: string }>> = JSON.parse(stdout);
    const { origin } = new URL(apiUrl(launcher));
    const prod = `${origin}/restapis/${outputs["prod-stack-api-id"]?.value}/prod/_user_request_`;

    const created = await fetch(`${apiUrl(launcher)}/items`, { method: "POST", headers, body });
    const inDev = await fetch(`${apiUrl(launcher)}/items/of-dev`, { headers });
    const inProd = await fetch(`${prod}/items/of-dev`, { headers });

    expect([created.status, inDev.status, inProd.status]).toEqual([201, 200, 404]);
  });

  it("refuses to destroy what prod protects", async () => {
    // Asked of Terraform itself: cdktf may end before it has shown all that Terraform said.
    const destroyed = npm(
      "local",
      "--",
      "terraform",
      "-chdir=cdktf.out/stacks/prod-stack",
      "plan",
      "-destroy",
      "-input=false",
    );

    const failure: Output = await destroyed.catch((error) => error);

    expect(plain(failure)).toContain("Instance cannot be destroyed");
  });
});

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** All that a command printed, without colours and line breaks of its frame. */
function plain({ stdout, stderr }: Output): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
  return `${stdout}${stderr}`.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "").replace(/\s*\n[\s│]*/g, " ");
}

type LogLine = Readonly<Record<string, unknown>>;

/** Waits for lines in dev's log bucket, a minute at most. */
async function deliveredLines(launcher: Launcher, wanted: (line: LogLine) => boolean): Promise<LogLine[]> {
  const s3 = new S3Client({ ...clientConfig(launcher), forcePathStyle: true });
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
    const found = lines.filter(wanted);
    if (found.length > 0 || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
