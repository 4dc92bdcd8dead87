import { spawn } from "node:child_process";
import { asShell, enterEnvironment, publishedEnvironment } from "../packages/laptop/environment";
import { readArguments } from "../packages/terminal/command-line";
import { UserError } from "../packages/terminal/user-error";

const usage = `npm run local -- <command> [arguments]   runs a command against the emulator that npm start runs
npm run --silent local -- env             prints the variables that point commands to it, for a shell's eval

Exit codes: the command's own; 1 if no emulator is running in this folder, 2 for an error in the arguments, 127 if the command
cannot be started.`;

async function main(): Promise<void> {
  const [command = "", ...commandArguments] = process.argv.slice(2);
  // Options after the command are the command's own.
  const own = command === "" ? [] : [command];
  if (!readArguments({ usage, flags: [], positionals: ["<command>"] }, own)) return;
  const environment = await publishedEnvironment();
  if (!environment) {
    throw new UserError("no emulator is running in this folder: run npm start in another shell first");
  }
  if (command === "env" && commandArguments.length === 0) {
    process.stdout.write(`${asShell(environment)}\n`);
    return;
  }
  enterEnvironment(environment);
  const child = spawn(command, commandArguments, { stdio: "inherit" });
  // The terminal sends Ctrl-C to the command as well, and the command decides what to do.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  child.on("error", (error) => {
    process.stderr.write(`✗ ${command} cannot be started: ${error.message}\n`);
    process.exit(127);
  });
  child.on("close", (code) => process.exit(code ?? 1));
}

void main();
