import type { Fault } from "./fault";

/** Values that AWS does not accept. */
export const limitFaults: readonly Fault[] = [];
