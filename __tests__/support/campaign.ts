import { appendFileSync } from "node:fs";
import type { CampaignProgress } from "../../scripts/campaign/campaign-progress";

/** Whether the tests run at full size, for hours rather than seconds. `npm run campaign` sets CAMPAIGN. */
export const isCampaign = process.env.CAMPAIGN === "1";

/** How much a test does: an amount that fits into every `npm test`, or the campaign's full size. */
export const campaignSize = (everyDay: number, full: number): number => (isCampaign ? full : everyDay);

/** Timeout of a test that depends on {@link campaignSize}, in milliseconds. */
export const campaignTimeoutMs = campaignSize(60_000, 3_600_000);

/** Reports a test's progress to the campaign, at most once per second. */
export const campaignProgress = (what: string, total: number): ((done: number) => void) => {
  const file = process.env.CAMPAIGN_PROGRESS;
  let lastReport = 0;
  return (done) => {
    if (file === undefined || (done < total && Date.now() - lastReport < 1_000)) return;
    lastReport = Date.now();
    appendFileSync(file, `${JSON.stringify({ what, done, total } satisfies CampaignProgress)}\n`);
  };
};
