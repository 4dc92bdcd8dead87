import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { CheckpointStore } from "../packages/laptop/checkpoint";
import { emulatorEnvironment, enterEnvironment } from "../packages/laptop/environment";
import { LocalAws } from "../packages/laptop/local-aws";
import { setUp } from "../packages/laptop/set-up/set-up";
import { step } from "../packages/terminal/progress";
import { mustRun } from "../packages/terminal/run-command";
import { ensureStateBucket } from "../scripts/lib/state-bucket";
import { readTerraformState, type TerraformState } from "../scripts/lib/terraform-state";
import { environments } from "../stacks/environments";
import { criticalPath, type Timed } from "./deploy/critical-path";
import { ResourceTimes } from "./deploy/resource-times";
import { median } from "./median";
import { showTable } from "./show-table";

/** Odd, so that the median is a deployment that was measured. */
const turns = 3;

const [{ name, region }] = environments;
const stackId = `${name}-stack`;

interface Deployment {
  readonly seconds: number;
  /** From Terraform's first resource to its last. */
  readonly resourceSeconds: number;
  readonly path: readonly Timed[];
}

/** Deploys the first environment to an empty emulator again and again, and shows what a deployment waits for. */
async function main(): Promise<void> {
  const { lambdaRuntime, providers } = await setUp();
  const deployments: Deployment[] = [];
  for (let turn = 1; turn <= turns; turn += 1) {
    const folder = await mkdtemp(path.join(os.tmpdir(), "bench-deploy-"));
    const folders = {
      running: path.join(folder, "running"),
      temporary: path.join(folder, "tmp"),
      logs: path.join(folder, "log"),
    };
    const laptop = await LocalAws.start(new CheckpointStore(folder), { lambdaRuntime, region, folders });
    try {
      enterEnvironment(emulatorEnvironment(laptop.port, region, providers));
      await ensureStateBucket(environments[0].account.stateBackend);
      deployments.push(await step(`cdktf deploy ${stackId}, ${turn} of ${turns}`, () => deploy(folder)));
    } finally {
      await laptop.abandon();
      await rm(folder, { recursive: true, force: true });
    }
  }
  show(deployments);
}

async function deploy(folder: string): Promise<Deployment> {
  const times = new ResourceTimes();
  const began = Date.now();
  const output = path.join(folder, "cdktf.out");
  await mustRun(
    path.resolve("node_modules/.bin/cdktf"),
    ["deploy", stackId, "--auto-approve", "--output", output],
    {
      onLine: (line) => times.read(line, (Date.now() - began) / 1000),
      failure: `cdktf deploy ${stackId} failed:`,
    },
  );
  const seconds = (Date.now() - began) / 1000;
  const state = (await readTerraformState(stackId)) as TerraformState;
  const resources = times.all();
  const first = Math.min(...resources.map(({ started }) => started));
  const last = Math.max(...resources.map(({ ended }) => ended));
  return { seconds, resourceSeconds: last - first, path: criticalPath(resources, state) };
}

function show(deployments: readonly Deployment[]): void {
  const rows = (["seconds", "resourceSeconds"] as const).map((figure) => {
    const values = deployments.map((deployment) => deployment[figure]);
    const figures = [median(values), Math.min(...values), Math.max(...values)];
    return [titles[figure], ...figures.map((value) => `${value.toFixed(1)} s`)];
  });
  showTable([`cdktf deploy ${stackId}, empty emulator`, "median", "least", "most"], rows);
  const middle = median(deployments.map(({ seconds }) => seconds));
  const { path: resources = [] } = deployments.find(({ seconds }) => seconds === middle) ?? {};
  showTable(
    ["critical path of the median deployment", "starts at", "takes"],
    resources.map(({ address, started, ended }) => [
      `\`${address}\``,
      `${started.toFixed(1)} s`,
      `${(ended - started).toFixed(1)} s`,
    ]),
  );
}

const titles = {
  seconds: "the whole command",
  resourceSeconds: "first resource to last",
} as const;

void main();
