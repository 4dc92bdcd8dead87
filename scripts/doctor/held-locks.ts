import { LockWithoutHolderError, lockOf } from "../lib/state-versions";
import { passed, warned } from "./probe";
import { stateBucketProbe } from "./state-bucket-probe";

/** Locks of the stacks' states that somebody holds now, or that a killed deployment left behind. */
export const heldLocks = stateBucketProbe("state: held locks", async ({ account }) => {
  const stacks = [...account.environments.map(({ name }) => `${name}-stack`), account.stackId];
  const locks = await Promise.all(
    stacks.map(async (stack) => {
      try {
        const lock = await lockOf(stack);
        return lock ? [`${stack} by ${lock.who} since ${lock.created}`] : [];
      } catch (error) {
        // A lock that names no holder must not hide the others.
        if (error instanceof LockWithoutHolderError) return [error.message];
        throw error;
      }
    }),
  );
  const held = locks.flat();
  if (held.length === 0) return passed("none");
  return warned(held.join("; "), "if nobody is deploying, break the lock: see docs/state.md");
});
