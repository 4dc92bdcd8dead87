import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { deflateRawSync } from "node:zlib";
import { type BuildOptions, buildSync } from "esbuild";
import { postEvent } from "../__tests__/support/api-event";
import { esbuildOptions } from "../constructs/bundle";
import { installLambdaRuntime } from "../packages/laptop/set-up/tools";
import { step } from "../packages/terminal/progress";
import { UserError } from "../packages/terminal/user-error";
import { stubTable } from "./functions/stub-table";
import { median } from "./median";
import { showTable } from "./show-table";

/** Odd, so that the median is one of the measured processes. */
const turns = 25;
/** Counted calls per process; as many uncounted ones come first. */
const warmCalls = 1_500;
const loadSeconds = 60;
const allowedGrowthMb = 50;
const megabyte = 1024 * 1024;

interface Program {
  readonly name: string;
  readonly entry: string;
  readonly options: BuildOptions;
  readonly environment?: NodeJS.ProcessEnv;
}

interface Measured {
  readonly init: number;
  readonly first: number;
  readonly cold: number;
  readonly warmCpu: number;
  readonly memory: number;
  readonly load?: {
    readonly calls: number;
    readonly median: number;
    readonly p99: number;
    readonly growth: number;
  };
}

type Figure = Exclude<keyof Measured, "load">;

/** Lambda's trace header for a request that X-Ray samples. */
const trace = "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1";

/** The bundling options of the example app of Powertools for AWS Lambda. */
const asExampleApp: BuildOptions = {
  bundle: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node22",
  mainFields: ["module", "main"],
  banner: { js: "import { createRequire } from 'module';const require = createRequire(import.meta.url);" },
  logLevel: "error",
};

const own = (entry: string) => ({ entry, options: esbuildOptions(entry) });

const programs = {
  empty: { name: "empty handler", ...own("bench/functions/empty.ts") },
  bare: { name: "bare call, without libraries", ...own("bench/functions/bare-call.ts") },
  sdk: { name: "bare call with the SDK", ...own("bench/functions/sdk-call.ts") },
  example: {
    name: "Powertools' example app",
    entry: "bench/functions/example-app.ts",
    options: asExampleApp,
  },
  api: { name: "API function", ...own("lambda-src/api/index.ts") },
  untraced: {
    name: "API function, request not sampled",
    ...own("lambda-src/api/index.ts"),
    environment: { _X_AMZN_TRACE_ID: trace.replace("Sampled=1", "Sampled=0") },
  },
} satisfies Record<string, Program>;

type Key = keyof typeof programs;

/** The API function's targets, as multiples of another program's figure. bench/README.md has the results. */
const targets: readonly {
  readonly what: string;
  readonly figure: Figure;
  readonly of: Key;
  readonly to: Key;
  readonly target: number;
}[] = [
  { what: "init, against the example app", figure: "init", of: "api", to: "example", target: 0.4 },
  { what: "cold total, against the bare call", figure: "cold", of: "api", to: "bare", target: 2 },
  {
    what: "CPU per warm request, against the SDK's call",
    figure: "warmCpu",
    of: "api",
    to: "sdk",
    target: 1.2,
  },
  { what: "the same, not sampled by X-Ray", figure: "warmCpu", of: "untraced", to: "sdk", target: 1.2 },
];

async function main(): Promise<void> {
  // Outside the project: Node.js would read its package.json, and Lambda has none.
  const work = await mkdtemp(path.join(os.tmpdir(), "bench-"));
  const node = path.join(await installLambdaRuntime(), "node");
  const files = bundleAll(work);
  const table = await stubTable(work);
  const event = path.join(work, "event.json");
  const body = { id: "bench", data: { title: "An item", tags: ["a", "b"], count: 3 } };
  await writeFile(event, JSON.stringify(postEvent(body)));
  const environment = {
    AWS_ENDPOINT_URL: table.endpoint,
    NODE_EXTRA_CA_CERTS: table.certificateFile,
    AWS_XRAY_DAEMON_ADDRESS: table.daemonAddress,
    _X_AMZN_TRACE_ID: trace,
    ...{ AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    ...{ AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x", LAMBDA_TASK_ROOT: work, _HANDLER: "index.handler" },
    ...{ AWS_LAMBDA_FUNCTION_NAME: "bench", AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand" },
    ...{ POWERTOOLS_SERVICE_NAME: "api", POWERTOOLS_METRICS_NAMESPACE: "Shop" },
    ...{ TABLE_NAME: "items", APPLICATION: "bench", ENVIRONMENT: "bench" },
  };
  const run = (key: Key, ...counts: number[]) => {
    const { environment: own = {} }: Program = programs[key];
    const script = "bench/functions/run-function.cjs";
    return runOnce(node, [script, files[key], event, ...counts.map(String)], { ...environment, ...own });
  };
  try {
    const measured = await step(`${turns} processes each, in turn`, (report) =>
      measureInTurn(report, (key) => run(key, warmCalls)),
    );
    compare(measured, files);
    const { load } = await step(`${loadSeconds} s of load`, () => run("api", warmCalls, loadSeconds));
    showLoad(load);
  } finally {
    table.close();
    await rm(work, { recursive: true });
  }
}

/** @returns each program's bundle file, each in a separate folder */
function bundleAll(work: string): Record<Key, string> {
  const files = {} as Record<Key, string>;
  for (const [key, { entry, options }] of Object.entries<Program>(programs)) {
    const file = path.join(work, key, options.format === "esm" ? "index.mjs" : "index.js");
    buildSync({ ...options, entryPoints: [entry], outfile: file });
    files[key as Key] = file;
  }
  return files;
}

/** Runs one process per program in each turn. The first turn is a warm-up and does not count. */
async function measureInTurn(
  report: (detail: string) => void,
  run: (key: Key) => Promise<Measured>,
): Promise<Record<Key, Measured[]>> {
  const keys = Object.keys(programs) as Key[];
  const measured = Object.fromEntries(keys.map((key) => [key, []])) as unknown as Record<Key, Measured[]>;
  for (let turn = 0; turn <= turns; turn += 1) {
    report(`turn ${turn} of ${turns}`);
    for (const key of keys) {
      const one = await run(key);
      if (turn > 0) measured[key].push(one);
    }
  }
  return measured;
}

function compare(measured: Record<Key, Measured[]>, files: Record<Key, string>): void {
  const of = (key: Key, figure: Figure) => median(measured[key].map((one) => one[figure]));
  showTable(
    ["", "zip", "init", "first request", "cold total", "CPU per warm request", "memory"],
    (Object.keys(programs) as Key[]).map((key) => [
      programs[key].name,
      `${(deflateRawSync(readFileSync(files[key])).length / 1000).toFixed(1)} KB`,
      ...(["init", "first", "cold"] as const).map((figure) => `${of(key, figure).toFixed(1)} ms`),
      `${of(key, "warmCpu").toFixed(2)} ms`,
      `${(of(key, "memory") / megabyte).toFixed(0)} MB`,
    ]),
  );
  showTable(
    ["the API function", "ratio", "target"],
    targets.map(({ what, figure, of: one, to, target }) => {
      // Compares within each turn, because the machine's speed drifts.
      const pairs = measured[one].map(
        (own, turn) => own[figure] / (measured[to][turn]?.[figure] ?? Number.NaN),
      );
      return [what, median(pairs).toFixed(2), `at most ${target.toFixed(2)}`];
    }),
  );
}

/** @throws UserError if memory grows, which means a leak */
function showLoad(load: Measured["load"]): void {
  if (!load) throw new Error("the load run returned no measurements");
  const growth = load.growth / megabyte;
  showTable(
    [`${loadSeconds} s of load`, "median", "p99", "p99 / median", "memory growth"],
    [
      [
        `${load.calls} requests`,
        `${load.median.toFixed(2)} ms`,
        `${load.p99.toFixed(2)} ms`,
        (load.p99 / load.median).toFixed(2),
        `${growth.toFixed(0)} MB`,
      ],
    ],
  );
  if (growth > allowedGrowthMb) {
    throw new UserError(
      `memory grew by ${growth.toFixed(0)} MB in ${loadSeconds} s; at most ${allowedGrowthMb} MB is allowed`,
    );
  }
}

async function runOnce(
  node: string,
  commandArguments: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Measured> {
  const child = spawn(node, commandArguments, { env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const [output, errors] = [collect(child.stdio[3]), collect(child.stderr)];
  child.stdout?.resume();
  const [exitCode] = await once(child, "close");
  if (exitCode !== 0) throw new UserError(`${commandArguments[1]} failed:\n${errors.join("")}`);
  return JSON.parse(output.join(""));
}

function collect(stream: unknown): string[] {
  const chunks: string[] = [];
  (stream as NodeJS.ReadableStream).on("data", (chunk) => chunks.push(`${chunk}`));
  return chunks;
}

void main();
