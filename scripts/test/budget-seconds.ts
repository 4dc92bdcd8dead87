/** The lanes of `npm test`, which run side by side. */
export const laneNames = ["sources", "deployment"] as const;

export type Lane = (typeof laneNames)[number];

/**
 * What each lane may take on 2 idle cores once set up, in seconds: a tenth more than the last result in
 * bench/README.md. The run says when a lane takes longer, but never fails because of it.
 */
export const budgetSeconds: Readonly<Record<Lane, number>> = {
  sources: 535,
  deployment: 500,
};
