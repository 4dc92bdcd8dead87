import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { folders } from "../../packages/laptop/folders";
import { runCommand } from "../../packages/terminal/run-command";

const source = path.resolve("__tests__/schemathesis");
export const schemathesisPython = path.join(folders.tools, "schemathesis/bin/python");

/** runCommand's exit code of a command that a signal ended. */
const KILLED = 137;

/** The parts of schemathesis' JSON report that the tests read. */
export interface SchemathesisReport {
  readonly complete: boolean;
  readonly operations: { readonly tested: number };
  readonly test_cases: { readonly generated: number };
  readonly failures: readonly { readonly type: string; readonly operations: readonly string[] }[];
  readonly errors: readonly unknown[];
  /** By kind. */
  readonly warnings: Readonly<Record<string, readonly string[]>>;
}

/** What hooks.py counts. */
export interface SchemathesisCounts {
  /** By operationId. */
  readonly requests: Readonly<Record<string, number>>;
  /** Exclusions in hooks.py and schemathesis.toml that no request and no failure met. */
  readonly unusedExclusions: readonly string[];
}

export interface SchemathesisRun {
  /** The OpenAPI document. */
  readonly document: object;
  /** Where the API is served, without a slash at the end. */
  readonly url: string;
  /** Test cases per operation in the fuzzing phase, and sequences in the stateful one. The other phases have their own. */
  readonly maxExamples: number;
  readonly seed: number;
  /** Of schemathesis' phases, separated by commas. */
  readonly phases: string;
  readonly env: NodeJS.ProcessEnv;
  /** The run is killed, and fails, after this many seconds. */
  readonly timeoutSeconds: number;
}

/**
 * Runs schemathesis over a document and the API that it describes, with every check on but for the exclusions in
 * schemathesis.toml and hooks.py.
 *
 * It runs in its own folder, so it leaves no cache behind and finds none.
 * @returns its report, its counts, and what it printed
 * @throws Error if it did not end in time, or could not run
 */
export async function runSchemathesis(run: SchemathesisRun): Promise<{
  readonly report: SchemathesisReport;
  readonly counts: SchemathesisCounts;
  readonly output: string;
}> {
  const folder = mkdtempSync(path.join(tmpdir(), "schemathesis-"));
  const report = path.join(folder, "report.json");
  const counts = path.join(folder, "counts.json");
  try {
    writeFileSync(path.join(folder, "openapi.json"), JSON.stringify(run.document));
    const { exitCode, output } = await runCommand(
      path.join(path.dirname(schemathesisPython), "schemathesis"),
      [
        ...["--config-file", path.join(source, "schemathesis.toml"), "--no-color"],
        ...["run", "openapi.json", "--url", run.url, "--checks", "all"],
        ...["--phases", run.phases],
        ...["--max-examples", `${run.maxExamples}`, "--seed", `${run.seed}`, "--generation-database", "none"],
        ...["--report", "json", "--report-json-path", report],
      ],
      {
        cwd: folder,
        env: {
          ...run.env,
          PYTHONPATH: source,
          SCHEMATHESIS_HOOKS: "hooks",
          SCHEMATHESIS_COUNTS: counts,
          PYTHONDONTWRITEBYTECODE: "1",
        },
        timeoutSeconds: run.timeoutSeconds,
      },
    );
    if (exitCode === KILLED) {
      throw new Error(`schemathesis was killed after ${run.timeoutSeconds} seconds:\n${output}`);
    }
    // 0 without failures, 1 with failures.
    if (exitCode > 1) throw new Error(`schemathesis exited with ${exitCode}:\n${output}`);
    const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));
    return { report: read(report), counts: read(counts), output };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
