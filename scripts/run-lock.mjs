// Plain JavaScript, like scripts/supervise.mjs, which imports it before anything is installed.
import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A damaged lock of this age may be one that is just being written. */
const writingMilliseconds = 500;

/**
 * Takes a lock that only one running process can hold. The lock is a file that names its holder by process id and start
 * time, because ids are reused. It is created complete, by linking; where there are no hard links, it is created and then
 * written. A lock whose holder has ended does not count.
 * @param file the lock; its folder is created
 * @returns undefined if this process holds the lock now, otherwise the id of the process that holds it
 * @throws a file system's error, for example if the lock cannot be read or written
 */
export function takeLock(file) {
  const own = { pid: process.pid, startTime: startTimeOf(process.pid) };
  const ready = `${file}.${own.pid}`;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(ready, JSON.stringify(own));
  try {
    return take(file, ready);
  } finally {
    rmSync(ready, { force: true });
  }
}

export function releaseLock(file) {
  if (holderOf(file)?.pid === process.pid) rmSync(file, { force: true });
}

function take(file, ready) {
  for (;;) {
    if (create(file, ready)) return undefined;
    const holder = holderOf(file);
    if (!holder) continue;
    if (isRunning(holder)) return holder.pid;
    if (holder.pid === "damaged" && isBeingWritten(file)) {
      pause();
      continue;
    }
    // Only one of the processes that find this lock stale may remove it. Otherwise a slow one would remove the next
    // lock. The right to remove it is a lock as well, which can be stale for the same reason.
    const removal = `${file}.${`${holder.pid}-${holder.startTime}`.replaceAll(/\W+/g, "-")}`;
    if (take(removal, ready) !== undefined) {
      pause();
      continue;
    }
    const current = holderOf(file);
    if (current?.pid === holder.pid && current.startTime === holder.startTime) rmSync(file);
    rmSync(removal);
  }
}

/** What the operating systems report for a file system that has no hard links, such as exFAT. */
const noHardLinks = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

/** @returns false if there is a lock already */
function create(file, ready) {
  try {
    linkSync(ready, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    if (!noHardLinks.includes(error.code)) throw error;
  }
  try {
    writeFileSync(file, readFileSync(ready), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Without hard links, a lock is empty for a moment. */
function isBeingWritten(file) {
  const { mtimeMs = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return Math.abs(Date.now() - mtimeMs) < writingMilliseconds;
}

/** Undefined if there is no lock any more. A lock with damaged content does not name its holder. */
function holderOf(file) {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(file, "utf8"));
    return { pid, startTime };
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    if (error.code) throw error;
    return { pid: "damaged" };
  }
}

function isRunning({ pid, startTime }) {
  return startTime !== undefined && startTimeOf(pid) === startTime;
}

/**
 * Undefined if no such process is running. A process that has ended does not count, even if its parent has not noticed
 * yet.
 */
function startTimeOf(pid) {
  if (process.platform !== "linux") {
    return (
      spawnSync("ps", ["-o", "lstart=", "-p", `${pid}`], { encoding: "utf8" }).stdout.trim() || undefined
    );
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // From field 3 on. The name in field 2 is in parentheses and can contain anything, even spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function pause() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}
