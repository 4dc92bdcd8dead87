/** How often a long step reports, if the output is not a terminal. */
const reportSeconds = 15;

/** Sets the text after a running step's name, for example what a tool is working on. */
export type ReportDetail = (detail: string) => void;

interface RunningStep {
  readonly name: string;
  readonly started: number;
  detail: string;
}

const running = new Set<RunningStep>();
const terminal = process.stderr.isTTY === true;

/**
 * Runs one step of a long command. Shows what it is doing, how long it has taken, and how it ended.
 * @param succeeded judges the result. @default a step succeeds unless it throws
 */
export async function step<T>(
  name: string,
  work: (report: ReportDetail) => Promise<T>,
  succeeded: (result: T) => boolean = () => true,
): Promise<T> {
  const current: RunningStep = { name, started: Date.now(), detail: "" };
  running.add(current);
  if (!terminal) say(`· ${name}`);
  const timer = setInterval(
    () => (terminal ? showRunning() : say(`· ${describe(current)}`)),
    terminal ? 200 : reportSeconds * 1000,
  );
  let sign = "✗";
  try {
    const result = await work((detail) => {
      current.detail = detail;
    });
    if (succeeded(result)) sign = "✓";
    return result;
  } finally {
    clearInterval(timer);
    running.delete(current);
    say(`${sign} ${name} (${secondsSince(current.started)})`);
  }
}

/** Prints a line above the running steps. */
export function say(line: string): void {
  process.stderr.write(`${terminal ? "\r\x1b[K" : ""}${line}\n`);
}

/** Redraws the terminal's last line, which shows every running step. */
function showRunning(): void {
  const line = `· ${[...running].map(describe).join(" | ")}`;
  process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
}

function describe({ name, started, detail }: RunningStep): string {
  return `${name} (${secondsSince(started)})${detail ? ` ${detail}` : ""}`;
}

function secondsSince(started: number): string {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
