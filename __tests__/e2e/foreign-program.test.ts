import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CheckpointStore } from "../../packages/laptop/checkpoint";
import { commandEnvironment, emulatorEnvironment } from "../../packages/laptop/environment";
import { LocalAws } from "../../packages/laptop/local-aws";
import { findTerraform } from "../../packages/laptop/set-up/requirements";
import { setUp } from "../../packages/laptop/set-up/set-up";
import { processesOf } from "./launcher";
import { until } from "./until";

const run = promisify(execFile);
const region = "ap-southeast-2";

/** foreign-program/main.ts knows nothing of this project's service, and packages/laptop knows nothing of either. */
describe("a CDKTF program of another project", () => {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "foreign-")));
  const checkpoints = new CheckpointStore(path.join(folder, "state"));
  const stack = path.join(folder, "cdktf.out", "stacks", "greetings");
  const folders = { temporary: path.join(folder, "tmp"), logs: path.join(folder, "log") };
  let laptop: LocalAws | undefined;

  afterAll(async () => {
    await laptop?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is deployed by Terraform, answers over HTTP, and still answers after a restart", async () => {
    await run(process.execPath, ["scripts/run.mjs", "__tests__/e2e/foreign-program/main.ts"], {
      env: { ...process.env, CDKTF_OUTDIR: path.join(folder, "cdktf.out") },
    });
    const { lambdaRuntime, providers } = await setUp();
    laptop = await LocalAws.start(checkpoints, { lambdaRuntime, region, folders });
    const environment = emulatorEnvironment(laptop.port, region, providers);
    const { binary } = await findTerraform();
    const terraform = (...given: readonly string[]) =>
      run(binary, [...given, "-no-color"], { cwd: stack, env: commandEnvironment(environment) });

    await terraform("init", "-input=false");
    await terraform("apply", "-input=false", "-auto-approve");
    const { stdout: output } = await terraform("output", "-json");
    const url = `${environment.AWS_ENDPOINT_URL}${JSON.parse(output).path.value}?name=world`;
    const first = await greeting(url);
    const counted = await requestCount(environment.AWS_ENDPOINT_URL);
    await laptop.stop();
    laptop = await LocalAws.start(checkpoints, { lambdaRuntime, region, folders });
    const second = await greeting(url);
    const { stdout: plan } = await terraform("plan", "-input=false");

    expect([first, second]).toEqual(["hello, world", "hello, world"]);
    expect(counted).toBe(1);
    expect(plan).toContain("No changes.");
    expect(existsSync(path.join(folders.logs, "emulator.log"))).toBe(true);
  });

  it("leaves no process behind when its AWS is abandoned", async () => {
    process.env.LOCAL_AWS_RUN = path.join(folder, ".local");
    const abandoned = new CheckpointStore(path.join(folder, "abandoned"));
    const { lambdaRuntime } = await setUp();
    const other = await LocalAws.start(abandoned, { lambdaRuntime, region, folders });
    delete process.env.LOCAL_AWS_RUN;
    const running = processesOf(folder);

    await other.abandon();

    expect(running).not.toEqual([]);
    await until("its processes have ended", 5, async () => processesOf(folder).length === 0);
  });
});

async function greeting(url: string): Promise<string> {
  const response = await fetch(url);
  return response.text();
}

/** A metric that a gap adds to the emulator. */
async function requestCount(endpoint: string | undefined): Promise<number> {
  const cloudWatch = new CloudWatchClient({
    region,
    endpoint: `${endpoint}`,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return until("the count of requests", 10, async () => {
    const { Datapoints } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/ApiGateway",
        MetricName: "Count",
        Dimensions: [{ Name: "ApiName", Value: "greetings" }],
        StartTime: new Date(Date.now() - 300_000),
        EndTime: new Date(Date.now() + 300_000),
        Period: 3_600,
        Statistics: ["Sum"],
      }),
    );
    return Datapoints?.[0]?.Sum;
  });
}
