import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import path from "node:path";
import { UserError } from "./user-error";

export interface CommandOptions {
  readonly cwd?: string;
  /** The command's whole environment. @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** Also keeps the whole output in this file. */
  readonly logFile?: string;
  /** Called with each line of the output, without colours. */
  readonly onLine?: (line: string) => void;
  /** When it is aborted, the command is interrupted as if by Ctrl-C. */
  readonly signal?: AbortSignal;
  /** The command is killed and counts as failed after this many seconds. @default no limit */
  readonly timeoutSeconds?: number;
}

export interface CommandResult {
  /** 127 if the command could not be started. */
  readonly exitCode: number;
  readonly output: string;
}

/** Runs a command without a shell and without input. Both output streams are collected in one, and not shown. */
export function runCommand(
  command: string,
  commandArguments: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { cwd = process.cwd(), env = process.env, logFile, onLine, signal, timeoutSeconds } = options;
  if (logFile) mkdirSync(path.dirname(logFile), { recursive: true });
  const log = logFile ? createWriteStream(logFile) : undefined;
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const timer = timeoutSeconds ? setTimeout(() => child.kill("SIGKILL"), timeoutSeconds * 1000) : undefined;
    const interrupt = () => child.kill("SIGINT");
    signal?.addEventListener("abort", interrupt);
    if (signal?.aborted) interrupt();
    let output = "";
    let line = "";
    const read = (chunk: Buffer) => {
      log?.write(chunk);
      const text = withoutTerminalCodes(chunk.toString());
      output += text;
      const lines = (line + text).split(/\r?\n|\r/);
      line = lines.pop() ?? "";
      for (const whole of lines) if (whole.trim()) onLine?.(whole.trim());
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    const finish = (exitCode: number) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", interrupt);
      log?.end();
      resolve({ exitCode, output });
    };
    child.on("error", (error) => {
      output += error.message;
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 137));
  });
}

/**
 * Like {@link runCommand}, for a command that must succeed.
 * @throws UserError with `failure`, the last 20 lines of the output, and the path of the log file
 */
export async function mustRun(
  command: string,
  commandArguments: readonly string[],
  options: CommandOptions & { readonly failure: string },
): Promise<string> {
  const { exitCode, output } = await runCommand(command, commandArguments, options);
  if (exitCode === 0) return output;
  const tail = output
    .trimEnd()
    .split("\n")
    .filter((line) => line.trim())
    .slice(-20);
  const kept = options.logFile ? [`Full output: ${path.relative(process.cwd(), options.logFile)}`] : [];
  throw new UserError([options.failure, ...tail.map((line) => `  ${line}`), ...kept].join("\n"));
}

function withoutTerminalCodes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern matches the escape character
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "");
}
