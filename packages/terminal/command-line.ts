import { parseArgs } from "node:util";
import { nearest } from "./nearest";
import { UserError } from "./user-error";

export interface CommandLine<Flag extends string, Repeated extends string> {
  /** Shown by --help, and after an error in the arguments. */
  readonly usage: string;
  readonly flags: readonly Flag[];
  /** Options that take a value and can be repeated. */
  readonly repeated?: readonly Repeated[];
  /**
   * Names of the arguments. The last one can be repeated if its name ends in `…`, and left out if it begins with `[`.
   * @default none
   */
  readonly positionals?: readonly string[];
}

export interface Arguments<Flag extends string, Repeated extends string> {
  readonly flags: Readonly<Record<Flag, boolean>>;
  readonly repeated: Readonly<Record<Repeated, readonly string[]>>;
  readonly positionals: readonly string[];
}

/**
 * Reads a command's arguments. An unknown option is rejected, and the option that was probably meant is suggested.
 *
 * If another process already runs what the command would run, scripts/supervise.mjs says so in the variable
 * LOCAL_AWS_ALREADY_RUNNING. That is reported only if the arguments are valid, so that a misspelt option is not blamed
 * on it.
 * @returns undefined if --help was given, and the usage has been printed
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
  if (missing && !missing.startsWith("[")) throw wrong(`${missing.replace("…", "")} is missing`);
  const surplus = /…\]?$/.test(names.at(-1) ?? "") ? undefined : positionals[names.length];
  if (surplus !== undefined) throw wrong(`unexpected argument: ${surplus}`);
  if (process.env.LOCAL_AWS_ALREADY_RUNNING) throw new UserError(process.env.LOCAL_AWS_ALREADY_RUNNING);
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
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
      const option = /'(--?[^']*)'/.exec(message)?.[1] ?? "";
      const meant = nearest(
        option,
        ["help", ...flags, ...repeated].map((name) => `--${name}`),
      );
      throw wrong(`unknown option ${option}${meant ? `: did you mean ${meant}?` : ""}`, error);
    }
    // Node.js adds a hint about how to pass such a text as an argument.
    throw wrong(message.split(". To specify")[0] ?? "", error);
  }
}
