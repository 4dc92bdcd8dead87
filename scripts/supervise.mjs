// Runs a program so that nothing it starts outlives it: node scripts/supervise.mjs [--in=<folder>] <file> [arguments]
//
// The program leads a process group of its own. This launcher stays in the foreground and passes Ctrl-C on; a second
// Ctrl-C kills the group. When the program has ended, the launcher kills what is left of the group. When the launcher
// is gone, even if it was killed, the program kills the group. If both crash, .local/run.json and a variable in each
// process's environment let the next start find and kill what they left behind. Programs that may run at the same time
// in one project each have a folder in .local.
//
// Plain JavaScript, because it runs before anything is installed.
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
/** Every process that the program starts inherits this variable, even in another session (a pty's). */
const marker = `LOCAL_AWS_RUN=${local}`;
const stopSeconds = 40;
const killSeconds = 10;

const recorded = readRun();
if (recorded && startTimeOf(recorded.launcher.pid) === recorded.launcher.startTime) {
  fail(
    `already running in this folder as process ${recorded.launcher.pid}: stop it with Ctrl-C in its terminal, or with kill ${recorded.launcher.pid}`,
  );
}
if (await endMarkedProcesses())
  process.stderr.write("· killed processes that an earlier run had left behind\n");

const [markerName, markerValue] = marker.split("=");
const program = spawn(process.execPath, [path.join(root, "scripts", "run.mjs"), ...programArguments], {
  detached: true,
  stdio: ["ignore", "inherit", "inherit", "ipc"],
  env: { ...process.env, SUPERVISED: "1", [markerName]: markerValue },
});
// The program waits for "go", so it starts nothing before its process group is recorded.
writeRun({ launcher: { pid: process.pid, startTime: startTimeOf(process.pid) }, group: program.pid });
program.send("go");

let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
// If npm, which started this launcher, is killed, the launcher gets a new parent. Then it stops as well.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && !stopping && stop(), 500).unref();

program.on("exit", async (code, signal) => {
  killGroup();
  await endMarkedProcesses();
  rmSync(runFile, { force: true });
  process.exit(code ?? (signal ? 130 : 1));
});

/** Asks the program to stop. The second time, or when it takes too long, kills it. */
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
    // It has already ended.
  }
}

/** Kills everything that an earlier program started in this folder, and waits until it has ended. */
async function endMarkedProcesses() {
  const deadline = Date.now() + killSeconds * 1000;
  for (let found = false; ; found = true) {
    const pids = markedProcesses();
    if (pids.length === 0) return found;
    if (Date.now() > deadline)
      fail(`these processes cannot be killed, kill them by hand: ${pids.join(", ")}`);
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

/** Empty for another user's process, or one that has just ended. */
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

/**
 * Undefined if no such process runs. Process ids are reused, so only an id with its start time identifies a process.
 */
function startTimeOf(pid) {
  if (process.platform !== "linux") {
    return (
      spawnSync("ps", ["-o", "lstart=", "-p", `${pid}`], { encoding: "utf8" }).stdout.trim() || undefined
    );
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 22. The name in field 2 is in parentheses and can contain anything, even spaces.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Undefined if there is no record, or if a crash left it half written. */
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
