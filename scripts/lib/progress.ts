/** How often a step that takes long says so, where the output is no terminal. */
const reportSeconds = 15;

/** Shown behind a running step's name, for example the last line of a tool's output. */
export type ReportDetail = (detail: string) => void;

/** Runs one step of a long command and shows what it is doing, for how long, and how it ended. */
export async function step<T>(name: string, work: (report: ReportDetail) => Promise<T>): Promise<T> {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  const terminal = process.stderr.isTTY === true;
  let detail = "";
  const show = () => {
    const line = `· ${name} (${seconds()})${detail ? ` ${detail}` : ""}`;
    if (terminal) process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    else process.stderr.write(`${line}\n`);
  };
  show();
  const timer = setInterval(show, terminal ? 200 : reportSeconds * 1000);
  const end = (sign: string) =>
    process.stderr.write(`${terminal ? "\r\x1b[K" : ""}${sign} ${name} (${seconds()})\n`);
  try {
    const result = await work((newDetail) => {
      detail = newDetail;
    });
    end("✓");
    return result;
  } catch (error) {
    end("✗");
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** One line that is not a step. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
