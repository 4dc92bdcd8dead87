import { spawn } from "node:child_process";
import { once } from "node:events";
import { step } from "../packages/terminal/progress";
import { UserError } from "../packages/terminal/user-error";
import { median } from "./median";
import { showTable } from "./show-table";

/** Odd, so that the median is one of the measured starts. */
const turns = 9;

/** What `npm start` prints when set-up is done, and when it serves. */
const moments = { "set-up done": /^· emulator/m, serving: /Ctrl-C stops it/ } as const;

type Moment = keyof typeof moments;

/** Repeats a start with an unchanged deployment: set-up has nothing to do, and Terraform is not called. */
async function main(): Promise<void> {
  const starts: Record<Moment, number>[] = [];
  await step("repeated npm start", async (report) => {
    // The first start may set up and deploy, so it does not count.
    for (let turn = 0; turn <= turns; turn += 1) {
      report(`${turn} of ${turns}`);
      const measured = await start();
      if (turn > 0) starts.push(measured);
    }
  });
  const rows: string[][] = [];
  for (const moment of Object.keys(moments) as Moment[]) {
    const times = starts.map((measured) => measured[moment]);
    const figures = [median(times), Math.min(...times), Math.max(...times)].map(
      (time) => `${(time / 1000).toFixed(2)} s`,
    );
    rows.push([moment, ...figures]);
  }
  showTable(["a second start", "median", "min", "max"], rows);
}

/** @returns milliseconds from the start of the command that npm runs to each moment */
async function start(): Promise<Record<Moment, number>> {
  const began = Date.now();
  // The command behind `npm start`: npm itself would not pass the signal on.
  const child = spawn(process.execPath, ["scripts/supervise.mjs", "scripts/start.ts"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const times = { "set-up done": 0, serving: 0 };
  let output = "";
  child.stderr.on("data", (chunk) => {
    output += chunk;
    for (const moment of Object.keys(moments) as Moment[]) {
      if (!times[moment] && moments[moment].test(output)) times[moment] = Date.now() - began;
    }
    if (times.serving) child.kill("SIGINT");
  });
  await once(child, "exit");
  if (!times.serving) throw new UserError(`npm start ended before it served the API:\n${output}`);
  return times;
}

void main();
