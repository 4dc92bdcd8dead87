import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { folders } from "../../packages/laptop/folders";
import type { ReportDetail } from "../../packages/terminal/progress";

/** The progress of one campaign test: one line of JSON in the file that CAMPAIGN_PROGRESS names. */
export interface CampaignProgress {
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/** What a lane writes while it runs. */
export const work = path.join(folders.root, "campaign");
export const progressFile = path.join(work, "progress.jsonl");

/** Each test's last progress report. */
export function latest(): ReadonlyMap<string, CampaignProgress> {
  const lines = existsSync(progressFile) ? readFileSync(progressFile, "utf8").split("\n") : [];
  return new Map(
    lines
      .filter((line) => line.endsWith("}"))
      .map((line) => JSON.parse(line) as CampaignProgress)
      .map((progress) => [progress.what, progress]),
  );
}

/** One progress bar per running test. */
export function bars(): string {
  return [...latest().values()]
    .filter(({ done, total }) => done < total)
    .map(({ what, done, total }) => {
      const share = done / total;
      const full = Math.floor(share * 20);
      return `[${"#".repeat(full)}${".".repeat(20 - full)}] ${Math.floor(share * 100)} % of ${total} ${what}`;
    })
    .join(", ");
}

/** Passes on Stryker's own progress: "Mutation testing 12% (elapsed: …) 34/567 tested (1 survived, 0 timed out)". */
export function reportMutants(line: string, report: ReportDetail): void {
  const [progress] = /\d+% .*tested.*$/.exec(line) ?? [];
  if (progress) report(progress);
}
