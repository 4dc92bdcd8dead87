import { parseArgs } from "node:util";
import { UserError } from "./user-error";

export interface CommandLine<Flag extends string, Repeated extends string> {
  /** Shown by --help, and after an error in the arguments. */
  readonly usage: string;
  readonly flags: readonly Flag[];
  /** Options that take a value and can be repeated. */
  readonly repeated?: readonly Repeated[];
  /** Names of the required arguments. The last one can be repeated if its name ends in `…`. @default none */
  readonly positionals?: readonly string[];
}

export interface Arguments<Flag extends string, Repeated extends string> {
  readonly flags: Readonly<Record<Flag, boolean>>;
  readonly repeated: Readonly<Record<Repeated, readonly string[]>>;
  readonly positionals: readonly string[];
}

/**
 * Reads a command's arguments.
 * @returns undefined if --help was given, and has been answered
 * @throws UserError with the usage, exit code 2
 */
export function readArguments<Flag extends string, Repeated extends string = never>(
  commandLine: CommandLine<Flag, Repeated>,
  given: readonly string[] = process.argv.slice(2),
): Arguments<Flag, Repeated> | undefined {
  const { usage, flags, repeated = [], positionals: names = [] } = commandLine;
  const wrong = (problem: string, cause?: unknown) =>
    new UserError(`${problem}\n\n${usage}`, { cause, exitCode: 2 });
  const { values, positionals } = parse(given, flags, repeated, wrong);
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return undefined;
  }
  const missing = names[positionals.length];
  if (missing) throw wrong(`${missing.replace("…", "")} is missing`);
  const surplus = names.at(-1)?.endsWith("…") ? undefined : positionals[names.length];
  if (surplus !== undefined) throw wrong(`one argument too many: ${surplus}`);
  return {
    flags: Object.fromEntries(flags.map((flag) => [flag, values[flag] === true])) as Record<Flag, boolean>,
    repeated: Object.fromEntries(repeated.map((name) => [name, values[name] ?? []])) as Record<
      Repeated,
      string[]
    >,
    positionals,
  };
}

interface Parsed {
  readonly values: Readonly<Record<string, boolean | string | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

function parse(
  given: readonly string[],
  flags: readonly string[],
  repeated: readonly string[],
  wrong: (problem: string, cause: unknown) => UserError,
): Parsed {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        help: { type: "boolean" },
        ...Object.fromEntries(flags.map((flag) => [flag, { type: "boolean" as const }])),
        ...Object.fromEntries(repeated.map((name) => [name, { type: "string" as const, multiple: true }])),
      },
    });
  } catch (error) {
    // Node.js adds a hint about how to pass such a text as an argument.
    throw wrong((error as Error).message.split(". To specify")[0] ?? "", error);
  }
}
