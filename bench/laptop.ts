import http from "node:http";
import path from "node:path";
import { SignatureV4 } from "@smithy/signature-v4";
import { emulatorEnvironment, enterEnvironment } from "../packages/laptop/environment";
import { Sha256 } from "../packages/laptop/gateway/signatures/sha256";
import type { Providers } from "../packages/laptop/set-up/providers/providers";
import { setUp } from "../packages/laptop/set-up/set-up";
import { step } from "../packages/terminal/progress";
import { mustRun } from "../packages/terminal/run-command";
import { UserError } from "../packages/terminal/user-error";
import { ensureStateBucket } from "../scripts/lib/state-bucket";
import { outputsOf, readTerraformState } from "../scripts/lib/terraform-state";
import { environments } from "../stacks/environments";
import { ServedLaptop } from "./laptop/served-laptop";
import { median } from "./median";
import { showTable } from "./show-table";

/** Odd, so that each median is one of the pairs. */
const startPairs = 9;
const deploymentPairs = 3;
const requestPairs = 501;

/** What the checks may cost: a request and a deployment a tenth, a start and memory 15 %. */
const limits = { request: 1.1, deployment: 1.1, start: 1.15, memory: 1.15 };

const [environment] = environments;
const stackId = `${environment.name}-stack`;
const agent = new http.Agent({ keepAlive: true });

/** A figure without the checks and with them, measured one right after the other. */
type Pair = readonly [without: number, withChecks: number];

/** Measures what IAM, signatures and the service models cost on the laptop. */
async function main(): Promise<void> {
  const { providers } = await setUp();
  const pairs = {
    start: [] as Pair[],
    memory: [] as Pair[],
    deployment: [] as Pair[],
    deployed: [] as Pair[],
  };
  const requests: Record<string, Pair[]> = {};
  await step("starts", async (report) => {
    for (let turn = 0; turn < startPairs; turn += 1) {
      report(`${turn} of ${startPairs}`);
      await withBoth(turn, async (laptops) => {
        pairs.start.push(pairOf(laptops, ({ startSeconds }) => startSeconds));
        pairs.memory.push(await measured(laptops, (laptop) => laptop.megabytes()));
      });
    }
  });
  for (let turn = 0; turn < deploymentPairs; turn += 1) {
    await withBoth(turn, async (laptops) => {
      const seconds = await inTurn(turn, (index) =>
        step(`cdktf deploy ${stackId}, ${titles[index]}, ${turn + 1} of ${deploymentPairs}`, () =>
          deploy(laptops[index], providers),
        ),
      );
      pairs.deployment.push(seconds);
      if (turn === deploymentPairs - 1) await measureRequests(laptops, providers, requests);
      pairs.deployed.push(await measured(laptops, (laptop) => laptop.megabytes()));
    });
  }
  agent.destroy();
  showTable(
    ["what the checks cost", titles[0], titles[1], "median of the ratios", "at most"],
    [
      row("start", pairs.start, "s", limits.start),
      row("memory after it", pairs.memory, "MB", limits.memory),
      row(`cdktf deploy ${stackId}`, pairs.deployment, "s", limits.deployment),
      row("memory after it", pairs.deployed, "MB", limits.memory),
      ...Object.entries(requests).map(([name, taken]) => row(name, taken, "ms", limits.request)),
    ],
  );
}

const titles = ["without", "with"] as const;

type Laptops = readonly [without: ServedLaptop, withChecks: ServedLaptop];

/** The first of a pair has the machine as the last turn left it, so each one is first in every second turn. */
async function inTurn<T>(turn: number, measure: (index: 0 | 1) => Promise<T>): Promise<readonly [T, T]> {
  if (turn % 2 === 0) {
    const without = await measure(0);
    return [without, await measure(1)];
  }
  const withChecks = await measure(1);
  return [await measure(0), withChecks];
}

async function withBoth(turn: number, use: (laptops: Laptops) => Promise<void>): Promise<void> {
  const laptops = await inTurn(turn, (index) => ServedLaptop.start(environment.region, index === 1));
  try {
    await use(laptops);
  } finally {
    for (const laptop of laptops) await laptop.stop();
  }
}

function pairOf(laptops: Laptops, figure: (laptop: ServedLaptop) => number): Pair {
  return [figure(laptops[0]), figure(laptops[1])];
}

async function measured(laptops: Laptops, figure: (laptop: ServedLaptop) => Promise<number>): Promise<Pair> {
  return [await figure(laptops[0]), await figure(laptops[1])];
}

/** @returns seconds */
async function deploy({ port, folder }: ServedLaptop, providers: Providers): Promise<number> {
  enterEnvironment(emulatorEnvironment(port, environment.region, providers));
  await ensureStateBucket(environment.account.stateBackend);
  const began = performance.now();
  await mustRun(
    path.resolve("node_modules/.bin/cdktf"),
    ["deploy", stackId, "--auto-approve", "--output", path.join(folder, "cdktf.out")],
    { failure: `cdktf deploy ${stackId} failed:` },
  );
  return (performance.now() - began) / 1000;
}

async function measureRequests(
  laptops: Laptops,
  providers: Providers,
  requests: Record<string, Pair[]>,
): Promise<void> {
  const urls = await inTurn(0, (index) => urlOf(laptops[index].port, providers));
  const body = (turn: number) => JSON.stringify({ id: `item-${turn}`, data: { hello: "world" } });
  const kinds = {
    "POST /items": (url: string, turn: number) => signed("POST", `${url}/items`, body(turn)),
    "GET /items/{id}": (url: string, turn: number) => signed("GET", `${url}/items/item-${turn}`),
  };
  for (const [name, request] of Object.entries(kinds)) {
    const taken: Pair[] = [];
    // The first of all starts the function.
    await inTurn(0, async (index) => send(await request(urls[index], requestPairs)));
    await step(name, async (report) => {
      for (let turn = 0; turn < requestPairs; turn += 1) {
        if (turn % 50 === 0) report(`${turn} of ${requestPairs}`);
        taken.push(await inTurn(turn, async (index) => send(await request(urls[index], turn))));
      }
    });
    requests[name] = taken;
  }
}

async function urlOf(port: number, providers: Providers): Promise<string> {
  enterEnvironment(emulatorEnvironment(port, environment.region, providers));
  const state = await readTerraformState(stackId);
  if (!state) throw new UserError(`the state of ${stackId} is not there`);
  const outputs = outputsOf(stackId, state);
  return `http://127.0.0.1:${port}/restapis/${outputs["api-id"]}/${outputs["api-stage"]}/_user_request_`;
}

type Signed = Awaited<ReturnType<SignatureV4["sign"]>>;

function signed(method: string, address: string, body?: string): Promise<Signed> {
  const { host, hostname, port, protocol, pathname } = new URL(address);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const { region } = environment;
  return new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 }).sign({
    method,
    protocol,
    hostname,
    port: Number(port),
    path: pathname,
    headers: { host, ...(body && { "content-type": "application/json" }) },
    ...(body && { body }),
  } as Signed) as Promise<Signed>;
}

/** @returns milliseconds */
function send({ method, hostname, port, path: pathname, headers, body }: Signed): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const request = http.request({ method, hostname, port, path: pathname, headers, agent }, (response) => {
      response.resume().on("end", () => {
        if ((response.statusCode ?? 500) < 300) resolve(performance.now() - began);
        else reject(new UserError(`${method} ${pathname} returned ${response.statusCode}`));
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

function row(title: string, pairs: readonly Pair[], unit: "s" | "ms" | "MB", limit: number): string[] {
  const show = (values: readonly number[]) => `${median(values).toFixed(unit === "MB" ? 0 : 2)} ${unit}`;
  const ratio = median(pairs.map(([without, withChecks]) => withChecks / without));
  const [without, withChecks] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
  return [title, show(without), show(withChecks), ratio.toFixed(2), limit.toFixed(2)];
}

void main();
