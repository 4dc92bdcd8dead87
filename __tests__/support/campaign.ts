/** Whether the tests run at full size (`CAMPAIGN=1`), for hours rather than seconds. */
const isCampaign = process.env.CAMPAIGN === "1";

/** How much of something a test does: what fits into every `npx jest`, or the campaign's full size. */
export const campaignSize = (everyDay: number, full: number): number => (isCampaign ? full : everyDay);

/** The time that a test of such a size may take, in milliseconds. */
export const campaignTimeoutMs = campaignSize(60_000, 3_600_000);
