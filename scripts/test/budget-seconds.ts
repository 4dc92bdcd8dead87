/**
 * What each lane of `npm test` may take on 2 idle cores once set up, in seconds: the last measured median and a tenth
 * more. The run says when a lane takes longer, and never fails for it. Measured by bench/README.md's command.
 */
export const budgetSeconds: Readonly<Record<string, number>> = {
  sources: 300,
  deployment: 440,
};
