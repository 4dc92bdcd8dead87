import { appendFileSync } from "node:fs";
import type { CampaignProgress } from "../../scripts/campaign/campaign-progress";

/** Whether the tests run at full size (`npm run campaign` sets CAMPAIGN), for hours rather than seconds. */
export const isCampaign = process.env.CAMPAIGN === "1";

/** How much of something a test does: what fits into every `npm test`, or the campaign's full size. */
export const campaignSize = (everyDay: number, full: number): number => (isCampaign ? full : everyDay);

/** The time that a test of such a size may take, in milliseconds. */
export const campaignTimeoutMs = campaignSize(60_000, 3_600_000);

/** Tells the campaign, at most once a second, how far a test has come. */
export const campaignProgress = (what: string, total: number): ((done: number) => void) => {
  const file = process.env.CAMPAIGN_PROGRESS;
  let told = 0;
  return (done) => {
    if (file === undefined || (done < total && Date.now() - told < 1_000)) return;
    told = Date.now();
    appendFileSync(file, `${JSON.stringify({ what, done, total } satisfies CampaignProgress)}\n`);
  };
};
