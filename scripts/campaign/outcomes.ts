import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { folders } from "../../packages/laptop/folders";
import { jestTally, type Tally } from "../test/jest-tally";
import { latest, work } from "./campaign-progress";

export const jestReport = path.join(work, "jest.json");

export interface Outcome extends Tally {
  readonly figures: readonly string[];
}

export function jestOutcome(exitCode: number): Outcome {
  const figures = [...latest().values()].map(({ what, done }) => `${done} ${what}`);
  return { ...jestTally(jestReport, exitCode), figures };
}

interface Mutant {
  /** Killed, Timeout, Survived, NoCoverage, Ignored, CompileError or RuntimeError. */
  readonly status: string;
}

interface MutationProps {
  /** Stryker's report, in `.local/stryker`. */
  readonly report: string;
  /** In percent. */
  readonly scoreAtLeast: number;
}

/** Passes if Stryker ran to its end and its score is high enough. */
export function mutationOutcome(exitCode: number, { report, scoreAtLeast }: MutationProps): Outcome {
  const mutationReport = path.join(folders.root, "stryker", report);
  if (!existsSync(mutationReport))
    return { passed: 0, failed: 1, skipped: [], figures: ["Stryker wrote no report"] };
  const files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>> = JSON.parse(
    readFileSync(mutationReport, "utf8"),
  ).files;
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  const count = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const found = count("Killed", "Timeout");
  const tried = found + count("Survived", "NoCoverage");
  // Stryker's own score leaves out mutants that it could not try. Here they count as missed.
  const all = mutants.length - count("Ignored");
  const score = (100 * found) / all;
  const isGood = exitCode === 0 && score >= scoreAtLeast;
  return {
    passed: isGood ? 1 : 0,
    failed: isGood ? 0 : 1,
    skipped: [],
    figures: [
      `score ${score.toFixed(1)} %, at least ${scoreAtLeast} %`,
      `${found} of ${all} mutants found${tried < all ? `, ${all - tried} not tried and counted as missed` : ""}`,
    ],
  };
}
