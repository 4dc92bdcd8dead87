/** How far one of the campaign's tests has come: one line of JSON in the file that CAMPAIGN_PROGRESS names. */
export interface CampaignProgress {
  readonly what: string;
  readonly done: number;
  readonly total: number;
}
