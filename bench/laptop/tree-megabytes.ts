import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The resident memory of a process and of all processes below it. */
export async function treeMegabytes(root: number): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,rss="]);
  const processes = stdout
    .trim()
    .split("\n")
    .map((line) => {
      const [pid = 0, parent = 0, kilobytes = 0] = line.trim().split(/\s+/).map(Number);
      return { pid, parent, kilobytes };
    });
  const below = (pid: number): number =>
    processes
      .filter((one) => one.parent === pid)
      .reduce((sum, one) => sum + one.kilobytes + below(one.pid), 0);
  const own = processes.find(({ pid }) => pid === root)?.kilobytes ?? 0;
  return (own + below(root)) / 1024;
}
