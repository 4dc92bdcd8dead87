import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import path from "node:path";
import { UserError } from "./user-error";

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment of the command. @default this process's */
  readonly env?: NodeJS.ProcessEnv;
  /** Where all of the output is kept as well. */
  readonly logFile?: string;
  /** Called with each line of the output, colours taken off. */
  readonly onLine?: (line: string) => void;
  /** After so many seconds the command is killed and has failed. @default no bound */
  readonly timeoutSeconds?: number;
}

export interface CommandResult {
  /** 127 where the command could not be started. */
  readonly exitCode: number;
  readonly output: string;
}

/** Runs a command without a shell and without input; its output, both streams in one, never reaches the terminal. */
export function runCommand(
  command: string,
  commandArguments: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { cwd = process.cwd(), env = process.env, logFile, onLine, timeoutSeconds } = options;
  if (logFile) mkdirSync(path.dirname(logFile), { recursive: true });
  const log = logFile ? createWriteStream(logFile) : undefined;
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const timer = timeoutSeconds ? setTimeout(() => child.kill("SIGKILL"), timeoutSeconds * 1000) : undefined;
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
 * @throws UserError with `failure`, the end of the output, and where all of it is kept
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
  const kept = options.logFile ? [`All of it: ${path.relative(process.cwd(), options.logFile)}`] : [];
  throw new UserError([options.failure, ...tail.map((line) => `  ${line}`), ...kept].join("\n"));
}

function withoutTerminalCodes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "");
}
