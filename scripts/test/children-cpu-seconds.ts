import { readFileSync } from "node:fs";

/** CPU time of every child process that has ended, and of theirs, in seconds. 0 where the system is not Linux. */
export function childrenCpuSeconds(): number {
  if (process.platform !== "linux") return 0;
  const stat = readFileSync("/proc/self/stat", "utf8");
  // Fields 16 and 17, in hundredths of a second. The name in field 2 stands in brackets and can contain anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
