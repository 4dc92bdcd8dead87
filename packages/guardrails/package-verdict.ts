import { createHash } from "node:crypto";
import {
  type LoadFailure,
  type LoadResult,
  loadPackage,
  type PackageFiles,
  type Variables,
} from "./package-load";

export interface PackageInput {
  readonly files: PackageFiles;
  readonly file: string;
  /** Path of the handler in what the file exports. */
  readonly expression: string;
  /** The function's variables; undefined if only Terraform knows the value. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Whether there are variables whose very names only Terraform knows. */
  readonly moreVariables: boolean;
  /** Whether layers add files, which can be any module. */
  readonly layers: boolean;
}

/** What can be said about a package, and nothing more: an empty verdict does not count against it. */
export type Verdict = Pick<LoadResult, "handler" | "exports" | "failure">;

/** Values that a variable may have which only Terraform knows. Code that accepts one of them accepts the variable. */
const placeholders = [
  "https://sqs.eu-west-1.amazonaws.com/123456789012/placeholder",
  "arn:aws:sqs:eu-west-1:123456789012:placeholder",
  "1",
  "{}",
  "[]",
  "true",
] as const;

/** Every environment's stack has the same code with the same variables, so it is loaded once. */
const known = new Map<string, Verdict>();

export function verdictOn(input: PackageInput): Verdict {
  const key = keyOf(input);
  const verdict = known.get(key) ?? judge(input);
  known.set(key, verdict);
  return verdict;
}

function keyOf({ files, variables, ...rest }: PackageInput): string {
  const names = Object.entries(variables).map(([name, value]) => `${name}${value === undefined ? "?" : ""}`);
  const hash = createHash("sha256").update(JSON.stringify([{ ...rest }, names.sort()]));
  for (const [name, content] of files) hash.update(`\0${name}\0`).update(content);
  return hash.digest("hex");
}

function judge(input: PackageInput): Verdict {
  const load = (variables: Variables) => loadPackage(input.files, input.file, input.expression, variables);
  const { variables } = input;
  const unknown = Object.keys(variables).filter((name) => variables[name] === undefined);
  let result: LoadResult = {};
  for (const placeholder of placeholders) {
    result = load({ ...Object.fromEntries(unknown.map((name) => [name, placeholder])), ...given(variables) });
    const depends =
      /throws|exits/.test(`${result.failure?.kind}`) && unknown.some((name) => result.read?.includes(name));
    if (!depends) break;
  }
  const { failure, handler, exports, network, absent = [], read = [] } = result;
  if (!failure) return { ...(handler !== undefined && { handler }), ...(exports && { exports }) };
  if (network) return {};
  if (failure.kind === "module" && input.layers) return {};
  if (failure.kind === "syntax" || failure.kind === "module" || failure.kind === "hangs") return { failure };
  // It ended on a value that nobody here can know.
  if (input.moreVariables || unknown.some((name) => read.includes(name))) return {};
  const lacking = lackingVariables(failure, absent, (more) => load({ ...more, ...given(variables) }));
  return { failure: lacking ?? failure };
}

function given(variables: PackageInput["variables"]): Variables {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The variables with which a package would load. The error need not name them, so they are tried. */
function lackingVariables(
  { message }: LoadFailure,
  absent: readonly string[],
  load: (variables: Variables) => LoadResult,
): LoadFailure | undefined {
  const named = absent.filter((name) => new RegExp(`\\b${escaped(name)}\\b`).test(message));
  const asked = absent.filter((name) => !named.includes(name)).toReversed();
  const failsWith = (names: readonly string[], value: string) =>
    load(Object.fromEntries(names.map((name) => [name, value]))).failure !== undefined;
  const lacking = (names: readonly string[]): LoadFailure => ({
    kind: "variable",
    message: `${names.join(", ")}: ${message}`,
  });
  if (absent.length === 0) return undefined;
  for (const value of placeholders.slice(0, 4)) {
    if (named.length > 0 && !failsWith(named, value)) return lacking(named);
    if (failsWith(absent, value)) continue;
    const [single] = asked.slice(0, 8).filter((name) => !failsWith([...named, name], value));
    return lacking(single === undefined ? absent : [...named, single]);
  }
  return named.length > 0 ? lacking(named) : undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
