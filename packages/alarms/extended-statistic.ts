import type { Sample } from "./sample";

/** A value, and how often it occurred. */
interface Counted {
  readonly value: number;
  readonly count: number;
}

/** A limit of a range: a value, or the value at a percentile. */
interface Bound {
  readonly number: number;
  readonly isPercent: boolean;
}

interface Range {
  readonly lower: Bound | undefined;
  readonly upper: Bound | undefined;
}

type OfRange = (values: readonly Counted[], range: Range) => number | undefined;

/** Percents have up to 10 decimal places. */
const percent = "(100(?:\\.0{1,10})?|\\d{1,2}(?:\\.\\d{1,10})?)";
const ofPercent = new RegExp(`^(p|tm|tc|ts|wm)${percent}$`);
const bound = "(\\d+(?:\\.\\d{1,10})?)(%?)";
const ofRange = new RegExp(`^(TM|TC|TS|WM|PR)\\((?:${bound})?:(?:${bound})?\\)$`);

const statistics: Readonly<Record<string, OfRange>> = {
  TM: (values, range) => mean(within(values, range)),
  TC: (values, range) => countOf(within(values, range)),
  TS: (values, range) => sumOf(within(values, range)),
  WM: (values, range) => mean(clamped(values, range)),
  PR: (values, range) => (100 * countOf(within(values, range))) / countOf(values),
};

/**
 * Percentiles and trimmed statistics.
 * @returns undefined if there is no such statistic
 */
export function extendedStatistic(
  name: string,
): ((samples: readonly Sample[]) => number | undefined) | undefined {
  const calculate = calculationOf(name);
  return (
    calculate &&
    ((samples) => {
      const values = valuesOf(samples);
      return values && calculate(values);
    })
  );
}

/** The percentage of a percentile such as p99.9. Undefined for any other statistic. */
export function percentOf(name: string): number | undefined {
  const [, kind, number] = ofPercent.exec(name) ?? [];
  return kind === "p" ? Number(number) : undefined;
}

function calculationOf(name: string): ((values: readonly Counted[]) => number | undefined) | undefined {
  const percentage = percentOf(name);
  if (percentage !== undefined) return (values) => percentile(values, percentage);
  const [kind, range] = readRange(name) ?? [];
  const calculate = statistics[kind ?? ""];
  if (!calculate || !range) return undefined;
  return (values) => calculate(values, range);
}

function readRange(name: string): readonly [kind: string, range: Range] | undefined {
  if (name === "IQM") return readRange("TM(25%:75%)");
  const [, short, highest] = ofPercent.exec(name) ?? [];
  // tm90 leaves out the highest 10 %.
  if (short) return readRange(`${short.toUpperCase()}(:${highest}%)`);
  const [, kind, lower, lowerUnit, upper, upperUnit] = ofRange.exec(name) ?? [];
  if (!kind || (lower === undefined && upper === undefined)) return undefined;
  const range = { lower: readBound(lower, lowerUnit), upper: readBound(upper, upperUnit) };
  const isPercentage = [range.lower, range.upper].some((limit) => limit?.isPercent);
  return kind === "PR" && isPercentage ? undefined : [kind, range];
}

function readBound(number: string | undefined, unit: string | undefined): Bound | undefined {
  return number === undefined ? undefined : { number: Number(number), isPercent: unit === "%" };
}

/**
 * The single values in ascending order. CloudWatch has none if a value is negative, or if a statistic set may hold
 * different values.
 */
function valuesOf(samples: readonly Sample[]): readonly Counted[] | undefined {
  const isKnown = ({ minimum, maximum, sum, sampleCount }: Sample) =>
    minimum >= 0 && minimum === maximum && isAbout(sum, minimum * sampleCount);
  if (!samples.every(isKnown)) return undefined;
  return samples
    .map(({ minimum, sampleCount }) => ({ value: minimum, count: sampleCount }))
    .sort((one, other) => one.value - other.value);
}

/** A sum of many values differs a little from their product. */
function isAbout(sum: number, product: number): boolean {
  return Math.abs(sum - product) <= 1e-9 * Math.abs(product);
}

/** Interpolates linearly between the two nearest ranks. CloudWatch does not document how it interpolates. */
function percentile(values: readonly Counted[], percentage: number): number {
  const rank = (percentage * (countOf(values) - 1)) / 100;
  const below = Math.floor(rank);
  const low = valueAt(values, below);
  return low + (rank - below) * (valueAt(values, below + 1) - low);
}

function valueAt(values: readonly Counted[], rank: number): number {
  let seen = 0;
  let last = 0;
  for (const { value, count } of values) {
    seen += count;
    last = value;
    if (rank < seen) break;
  }
  return last;
}

/** Fixed values: lower bound exclusive, upper inclusive. Percentiles: both inclusive. */
function within(values: readonly Counted[], { lower, upper }: Range): readonly Counted[] {
  const least = lower && limitOf(values, lower);
  const greatest = upper && limitOf(values, upper);
  return values.filter(
    ({ value }) =>
      (least === undefined || value > least || (lower?.isPercent && value === least)) &&
      (greatest === undefined || value <= greatest),
  );
}

function clamped(values: readonly Counted[], { lower, upper }: Range): readonly Counted[] {
  const least = lower ? limitOf(values, lower) : Number.NEGATIVE_INFINITY;
  const greatest = upper ? limitOf(values, upper) : Number.POSITIVE_INFINITY;
  return values.map(({ value, count }) => ({ value: Math.min(greatest, Math.max(least, value)), count }));
}

function limitOf(values: readonly Counted[], { number, isPercent }: Bound): number {
  return isPercent ? percentile(values, number) : number;
}

function mean(values: readonly Counted[]): number | undefined {
  return values.length === 0 ? undefined : sumOf(values) / countOf(values);
}

function countOf(values: readonly Counted[]): number {
  return values.reduce((total, { count }) => total + count, 0);
}

function sumOf(values: readonly Counted[]): number {
  return values.reduce((total, { value, count }) => total + value * count, 0);
}
