/** The lanes of `npm test`, which run in parallel. */
export const laneNames = ["sources", "deployment"] as const;

export type Lane = (typeof laneNames)[number];

/**
 * How long each lane may take on 2 idle cores with everything installed, in seconds: a tenth more than the last result
 * in bench/README.md. If a lane takes longer, the run says so, but never fails because of it.
 */
export const budgetSeconds: Readonly<Record<Lane, number>> = {
  sources: 535,
  deployment: 500,
};
