// Runs a program so that nothing it starts outlives it: node scripts/supervise.mjs [--in=<folder>] <file> [arguments]
//
// The program leads a process group of its own, and this launcher stays in the foreground: it passes Ctrl-C on,
// ends the group when the program has ended, and the program ends its group when the launcher is gone, killed
// or not. What a crash of both leaves behind is on file in .local/run.json and ended by the next start. Programs that may run
// side by side in one project have a folder each below .local.
// Plain JavaScript, as it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const given = process.argv.slice(2);
const [, folder = ""] = /^--in=([\w-]+)$/.exec(given[0] ?? "") ?? [];
const programArguments = folder ? given.slice(1) : given;
const local = path.join(root, ".local", folder);
const runFile = path.join(local, "run.json");
/** Every process below the program has it in its environment, those in another session (a pty's) too. */
const marker = `LOCAL_AWS_RUN=${local}`;
const stopSeconds = 40;
const killSeconds = 10;

const recorded = readRun();
if (recorded && startTimeOf(recorded.launcher.pid) === recorded.launcher.startTime) {
  fail(
    `already running in this folder as process ${recorded.launcher.pid}: stop it with Ctrl-C where it runs, or with kill ${recorded.launcher.pid}`,
  );
}
if (await endMarkedProcesses()) process.stderr.write("· ended what an earlier run had left behind\n");

const [markerName, markerValue] = marker.split("=");
const program = spawn(process.execPath, [path.join(root, "scripts", "run.mjs"), ...programArguments], {
  detached: true,
  stdio: ["ignore", "inherit", "inherit", "ipc"],
  env: { ...process.env, SUPERVISED: "1", [markerName]: markerValue },
});
// The program waits for "go", so that it starts nothing before its process group is on file.
writeRun({ launcher: { pid: process.pid, startTime: startTimeOf(process.pid) }, group: program.pid });
program.send("go");

let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
// npm, which started this launcher, may be killed: then there is a new parent, and nobody to answer to.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && !stopping && stop(), 500).unref();

program.on("exit", async (code, signal) => {
  killGroup();
  await endMarkedProcesses();
  rmSync(runFile, { force: true });
  process.exit(code ?? (signal ? 130 : 1));
});

/** Asks the program to end; asked twice, or waited for too long, ends it at once. */
function stop() {
  if (stopping) return killGroup();
  stopping = true;
  program.send("stop", () => {});
  setTimeout(killGroup, stopSeconds * 1000).unref();
}

function killGroup() {
  kill(-program.pid);
}

function kill(id) {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

/** Ends everything that an earlier program of this folder started, and waits until it is gone. */
async function endMarkedProcesses() {
  const deadline = Date.now() + killSeconds * 1000;
  for (let found = false; ; found = true) {
    const pids = markedProcesses();
    if (pids.length === 0) return found;
    if (Date.now() > deadline) fail(`these processes cannot be ended, end them by hand: ${pids.join(", ")}`);
    for (const pid of pids) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function markedProcesses() {
  return process.platform === "linux" ? markedInProc() : markedByPs();
}

function markedInProc() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(marker))
    .map(Number);
}

/** Empty for a process of another user, or one that has just ended. */
function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function markedByPs() {
  const { stdout } = spawnSync("ps", ["-A", "-E", "-ww", "-o", "pid=,command="], { encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((line) => `${line} `.includes(` ${marker} `))
    .map((line) => Number.parseInt(line, 10));
}

/** Undefined where no such process runs. With its start time a process id, which is given out again, is one process. */
function startTimeOf(pid) {
  if (process.platform !== "linux") {
    return (
      spawnSync("ps", ["-o", "lstart=", "-p", `${pid}`], { encoding: "utf8" }).stdout.trim() || undefined
    );
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 22; the name in field 2 stands in brackets and may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Undefined where there is none, or where a crash left it half written. */
function readRun() {
  try {
    return JSON.parse(readFileSync(runFile, "utf8"));
  } catch {
    return undefined;
  }
}

function writeRun(run) {
  mkdirSync(path.dirname(runFile), { recursive: true });
  writeFileSync(`${runFile}.new`, JSON.stringify(run));
  renameSync(`${runFile}.new`, runFile);
}

function fail(message) {
  process.stderr.write(`✗ ${message}\n`);
  process.exit(1);
}
