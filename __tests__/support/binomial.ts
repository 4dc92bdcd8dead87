/**
 * Bounds for the number of successes in independent trials.
 *
 * @param chance of a number outside them, at most
 */
export function binomialBounds(trials: number, share: number, chance: number): { low: number; high: number } {
  const probabilities = probabilitiesOf(trials, share);
  const within = (indexes: readonly number[]) => {
    let outside = 0;
    for (const index of indexes) {
      outside += probabilities[index] ?? 0;
      if (outside > chance / 2) return index;
    }
    throw new Error(`no bounds for ${trials} trials with a share of ${share}`);
  };
  const upwards = [...probabilities.keys()];
  return { low: within(upwards), high: within(upwards.toReversed()) };
}

/** Of each number of successes. Through logarithms, which do not underflow. */
function probabilitiesOf(trials: number, share: number): number[] {
  if (share === 0 || share === 1) {
    return Array.from({ length: trials + 1 }, (_, count) => (count === trials * share ? 1 : 0));
  }
  const odds = Math.log(share) - Math.log1p(-share);
  let logarithm = trials * Math.log1p(-share);
  const probabilities = [Math.exp(logarithm)];
  for (let count = 1; count <= trials; count++) {
    logarithm += odds + Math.log(trials - count + 1) - Math.log(count);
    probabilities.push(Math.exp(logarithm));
  }
  return probabilities;
}
