// Runs a program so that nothing it starts outlives it: node scripts/supervise.mjs [--in=<folder>] <file> [arguments]
//
// The program leads a process group of its own. This launcher stays in the foreground and passes Ctrl-C on; a second
// Ctrl-C kills the group. When the program has ended, the launcher kills what is left of the group. When the launcher
// is gone, even if it was killed, the program kills the group. If both crash, a variable in each process's environment lets
// the next start find and kill what they left behind. .local/run.json is a lock: one program at a time. Programs that may
// run at the same time in one project each have a folder in .local.
//
// Plain JavaScript, because it runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { releaseLock, takeLock } from "./run-lock.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const given = process.argv.slice(2);
const [, folder = ""] = /^--in=([\w-]+)$/.exec(given[0] ?? "") ?? [];
const programArguments = folder ? given.slice(1) : given;
const local = path.join(root, ".local", folder);
const runFile = path.join(local, "run.json");
/** Every process that the program starts inherits this variable, even in another session (a pty's). */
const marker = `LOCAL_AWS_RUN=${local}`;
const command = [path.join(root, "scripts", "run.mjs"), ...programArguments];
const stopSeconds = 40;
const killSeconds = 10;

const holder = lock();
if (holder !== undefined) reportHolder();
process.on("exit", () => releaseLock(runFile));
if (await endMarkedProcesses()) say("· killed processes that an earlier run had left behind");

const [markerName, markerValue] = marker.split("=");
const program = spawn(process.execPath, command, {
  detached: true,
  stdio: ["ignore", "inherit", "inherit", "ipc"],
  env: { ...process.env, SUPERVISED: "1", [markerName]: markerValue },
});
program.on("error", (error) => fail(`${process.execPath} cannot be started: ${error.message}`));

let stopping = false;
let stopTimer;
/** What to tell the user if the program is killed, and what the program calls itself. The program keeps both up to date. */
let ifKilled = "";
let name = programArguments[0];
program.on("message", (message) => {
  name = message.name ?? name;
  ifKilled = message.ifKilled ?? ifKilled;
  if (!message.stopRefused) return;
  stopping = false;
  clearTimeout(stopTimer);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
// If npm, which started this launcher, is killed, the launcher gets a new parent. Then it stops as well.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && !stopping && stop(), 500).unref();

program.on("exit", async (code, signal) => {
  killGroup();
  await endMarkedProcesses();
  if (signal) say(`✗ ${[howKilled(signal), ifKilled].filter(Boolean).map(sentence).join(" ")}`);
  process.exit(code ?? (stopping ? 130 : 128 + os.constants.signals[signal]));
});

function lock() {
  try {
    return takeLock(runFile);
  } catch (error) {
    fail(`${path.relative(root, runFile)} cannot be used as a lock: ${error.message}`);
  }
}

/** The program reports it after checking its arguments, because a misspelt option is the first thing to fix. */
function reportHolder() {
  const LOCAL_AWS_ALREADY_RUNNING = `already running in this folder as process ${holder}: stop it with Ctrl-C in its terminal, or with kill ${holder}`;
  const { status } = spawnSync(process.execPath, command, {
    stdio: "inherit",
    env: { ...process.env, LOCAL_AWS_ALREADY_RUNNING },
  });
  process.exit(status ?? 1);
}

/** Asks the program to stop. Kills it the second time, or if it takes too long. */
function stop() {
  if (stopping) return killGroup();
  stopping = true;
  program.send("stop", () => {});
  stopTimer = setTimeout(killGroup, stopSeconds * 1000).unref();
}

function howKilled(signal) {
  if (stopping) return "killed before it had finished stopping";
  return `${name} (process ${program.pid}) was killed by ${signal}. If nobody did that, this machine may be out of memory. Run the same command again`;
}

function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
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
      fail(`these processes could not be killed, so kill them by hand: ${pids.join(", ")}`);
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

function fail(message) {
  say(`✗ ${message}`);
  process.exit(1);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
