import { readdirSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { folders } from "../packages/laptop/folders";
import { type ReportDetail, step } from "../packages/terminal/progress";
import { runCommand } from "../packages/terminal/run-command";
import { UserError } from "../packages/terminal/user-error";
import { environments } from "../stacks/environments";
import { median } from "./median";
import { showTable } from "./show-table";

/** The most time a synth may take, as a multiple of precompiled JavaScript's time. */
const allowedRatio = 1.8;

/** Odd, so that the median is one of the measured runs. */
const turns = { comparison: 21, scaling: 9 };

const work = path.join(folders.root, "bench");
const outdir = path.join(work, "cdktf.out");
const precompiled = path.join(work, "synth-app.js");
const run = "scripts/run.mjs";
const app = "bench/synth-app.ts";

interface Program {
  readonly name: string;
  /** Arguments for Node.js, which runs in the project's root. */
  readonly arguments: readonly string[];
}

interface Measured extends Program {
  readonly milliseconds: readonly number[];
  readonly output: string;
}

async function main(): Promise<void> {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  // Not part of the measurement. Libraries are loaded from node_modules, as scripts/run.mjs does.
  await build({
    entryPoints: [app],
    outfile: precompiled,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
  const ratio = await step("three environments, in turn", compareWithBare);
  await step("more environments, in turn", showScaling);
  await rm(work, { recursive: true });
  if (ratio > allowedRatio) {
    throw new UserError(
      `synth takes ${ratio.toFixed(2)} times as long as the bare script; at most ${allowedRatio} is allowed. Profile it: node --cpu-prof ${run} main.ts`,
    );
  }
}

/** @returns the app's time as a multiple of the bare script's, both without bundling */
async function compareWithBare(report: ReportDetail): Promise<number> {
  const count = `${environments.length}`;
  const bare = {
    name: "bare: precompiled, functions not bundled",
    arguments: [precompiled, count, "unbundled"],
  };
  const programs = [
    bare,
    { name: "as cdktf.json runs it, functions not bundled", arguments: [run, app, count, "unbundled"] },
    { name: "as cdktf.json runs it, functions bundled", arguments: [run, app, count, "bundled"] },
    { name: "main.ts itself", arguments: [run, "main.ts"] },
  ];
  await requireSameStacks(programs);
  const measured = await measureInTurn(programs, turns.comparison, report);
  const [bareTimes = []] = measured.map(({ milliseconds }) => milliseconds);
  // Compares within each turn, because the machine's speed drifts.
  const ratios = measured.map(({ milliseconds }) =>
    median(milliseconds.map((time, turn) => time / (bareTimes[turn] ?? Number.NaN))),
  );
  showTable(
    ["three environments", "median", "min", "max", "ratio to bare"],
    measured.map(({ name, milliseconds }, index) => [
      name,
      ...[median(milliseconds), Math.min(...milliseconds), Math.max(...milliseconds)].map(inMilliseconds),
      (ratios[index] ?? Number.NaN).toFixed(2),
    ]),
  );
  return ratios[1] ?? Number.NaN;
}

/** Fails unless the programs write the same stacks, because only then is the comparison meaningful. */
async function requireSameStacks(programs: readonly Program[]): Promise<void> {
  const written: string[] = [];
  for (const program of programs) {
    await rm(outdir, { recursive: true, force: true });
    await runOnce(program);
    written.push(stacks());
  }
  const [bare, unbundled, bundled, itself] = written;
  if (bare !== unbundled || bundled !== itself) {
    throw new UserError(
      "the compared programs write different stacks: bench/synth-app.ts must do what main.ts does",
    );
  }
}

/** Shows that time grows linearly with environments, and that no more bundles are built. */
async function showScaling(report: ReportDetail): Promise<void> {
  const counts = [1, 3, 10, 25, 50];
  const measured = await measureInTurn(
    counts.flatMap((count) =>
      ["unbundled", "bundled"].map((bundling) => ({
        name: `${count}`,
        arguments: [run, app, `${count}`, bundling],
      })),
    ),
    turns.scaling,
    report,
  );
  const rows = counts.map((count, index) => {
    const [unbundled, bundled] = measured.slice(2 * index, 2 * index + 2);
    if (!unbundled || !bundled) throw new Error(`${count} environments were not measured`);
    return {
      count,
      bundles: bundled.output,
      times: [unbundled, bundled].map((one) => median(one.milliseconds)),
    };
  });
  const [first = 0] = rows[0]?.times ?? [];
  showTable(
    ["environments", "median", "per additional one", "median, bundled", "bundling", "bundles built"],
    rows.map(({ count, bundles, times: [unbundled = 0, bundled = 0] }) => [
      `${count}`,
      inMilliseconds(unbundled),
      count === 1 ? "" : `${((unbundled - first) / (count - 1)).toFixed(1)} ms`,
      inMilliseconds(bundled),
      inMilliseconds(bundled - unbundled),
      bundles,
    ]),
  );
}

/** Runs every program once per turn. The first turn is a warm-up and does not count. */
async function measureInTurn(
  programs: readonly Program[],
  count: number,
  report: ReportDetail,
): Promise<readonly Measured[]> {
  const measured = programs.map((program) => ({ ...program, milliseconds: [] as number[], output: "" }));
  for (let turn = 0; turn <= count; turn++) {
    report(`turn ${turn} of ${count}`);
    for (const program of measured) {
      const { milliseconds, output } = await runOnce(program);
      if (turn > 0) program.milliseconds.push(milliseconds);
      program.output = output;
    }
  }
  return measured;
}

async function runOnce(
  program: Program,
): Promise<{ readonly milliseconds: number; readonly output: string }> {
  const started = performance.now();
  const { exitCode, output } = await runCommand(process.execPath, program.arguments, {
    env: { ...process.env, CDKTF_OUTDIR: outdir },
  });
  const milliseconds = performance.now() - started;
  if (exitCode !== 0) throw new UserError(`node ${program.arguments.join(" ")} failed:\n${output}`);
  return { milliseconds, output };
}

function stacks(): string {
  const folders = readdirSync(path.join(outdir, "stacks")).sort();
  return folders
    .map((folder) => readFileSync(path.join(outdir, "stacks", folder, "cdk.tf.json"), "utf8"))
    .join("\n");
}

function inMilliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}

void main();
