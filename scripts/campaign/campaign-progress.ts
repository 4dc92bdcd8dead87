/** The progress of one campaign test: one line of JSON in the file that CAMPAIGN_PROGRESS names. */
export interface CampaignProgress {
  readonly what: string;
  readonly done: number;
  readonly total: number;
}
