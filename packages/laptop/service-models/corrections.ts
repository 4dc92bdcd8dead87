import type { RawShape } from "./raw-shape";

type Corrections = Readonly<Record<string, Partial<RawShape>>>;

/** Days for which CloudWatch Logs can keep events, from the documentation of `PutRetentionPolicy`. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Rules that AWS documents and enforces, and that the models leave out: by service and shape. */
export const corrections: ReadonlyMap<string, Corrections> = new Map<string, Corrections>([
  ["logs", { Days: { enum: retentionDays } }],
]);
