import { type AttributeRule, access, loss, noLoss, type Verdict } from "./attribute-rule";
import type { HarmlessKind } from "./harmless";
import { asList, asRecord, equal } from "./values";

/** What a change may be without being more than tuning: half, or double. */
const factor = 2;

/** Nothing is lost, whatever the value becomes. */
export const harmless =
  (reason: HarmlessKind): AttributeRule =>
  () => [noLoss(reason)];

/** Any change is refused. What was never set may be set if `whenUnset` says why. */
export const keeps = (lost: string, whenUnset?: HarmlessKind): AttributeRule =>
  judged(lost, ({ before }) => (before === undefined && whenUnset ? noLoss(whenUnset) : loss(lost)));

/** The resource's name: with another one it is another resource to whoever uses it. */
export const identity: AttributeRule = () => [{ kind: "end" }];

interface Limits {
  /** What AWS uses if the attribute is unset. @default no limit */
  readonly unset?: number;
  /** Values that mean "no limit". */
  readonly unlimited?: readonly number[];
}

/** A lower number is refused: a retention, a number of attempts. */
export const shortens = (lost: string, limits: Limits = {}): AttributeRule =>
  judged(lost, ({ before, after }) =>
    number(after, limits) >= number(before, limits) ? noLoss("longer") : loss(lost),
  );

/** A higher number is refused. */
export const raises = (lost: string, limits: Limits = {}): AttributeRule =>
  judged(lost, ({ before, after }) =>
    number(after, limits) <= number(before, limits) ? noLoss("tighter") : loss(lost),
  );

/** Less than half is refused: a throttle, a timeout. */
export const starves = (lost: string, limits: Limits = {}): AttributeRule =>
  judged(lost, ({ before, after }) =>
    isStarved(number(before, limits), number(after, limits)) ? loss(lost) : noLoss("pace"),
  );

/** More than double is refused. */
export const overgrows = (lost: string, limits: Limits = {}): AttributeRule =>
  judged(lost, ({ before, after }) =>
    isOvergrown(number(before, limits), number(after, limits)) ? loss(lost) : noLoss("pace"),
  );

/** Less than half and more than double are refused. */
export const leavesItsRange = (lost: string, limits: Limits = {}): AttributeRule =>
  judged(lost, ({ before, after }) => {
    const [from, to] = [number(before, limits), number(after, limits)];
    return isStarved(from, to) || isOvergrown(from, to) ? loss(lost) : noLoss("pace");
  });

/** Less than half is refused, and so is no limit where there was one. */
export const limits = (lost: string, unlimited: string, given: Limits): AttributeRule =>
  judged(lost, ({ before, after }) => {
    const [from, to] = [number(before, given), number(after, given)];
    if (to === Number.POSITIVE_INFINITY && from < to) return loss(unlimited);
    return isStarved(from, to) ? loss(lost) : noLoss("pace");
  });

export const isStarved = (before: number, after: number): boolean =>
  Number.isNaN(after) ||
  (after < before && (after <= 0 || before === Number.POSITIVE_INFINITY || after < before / factor));

export const isOvergrown = (before: number, after: number): boolean =>
  Number.isNaN(after) || after > Math.max(before * factor, before <= 0 ? 1 : 0);

/** `true` that becomes anything else is refused: a protection, a report. @param unset AWS's value if the attribute is unset */
export const disables = (lost: string, unset = false): AttributeRule =>
  judged(lost, ({ before, after }) =>
    isOn(before ?? unset) && !isOn(after ?? unset) ? loss(lost) : noLoss("tighter"),
  );

/** `true` is refused if it was not so before. */
export const enables = (lost: string, unset = false): AttributeRule =>
  judged(lost, ({ before, after }) =>
    !isOn(before ?? unset) && isOn(after ?? unset) ? loss(lost) : noLoss("tighter"),
  );

/** What is there must stay: a value, an entry of a map, an element of a list. New ones may come. */
export const removes = (lost: string): AttributeRule =>
  judged(lost, ({ before, after }) => (isContained(before, after) ? noLoss("more") : loss(lost)));

/** What is there must stay. More of it is told: data goes to somebody else, too. */
export const removesOrTells =
  (lost: string, sentence: (where: string) => string): AttributeRule =>
  (change) => {
    const { before, after, unknown, resource } = change;
    const verdicts = removes(lost)(change);
    if (unknown || resource.isNew || isContained(after, before)) return verdicts;
    const old = arnsIn(before);
    const where = arnsIn(after).filter((arn) => !old.includes(arn));
    return [
      ...verdicts.filter(({ kind }) => kind === "loss"),
      access(sentence(where.join(", ") || "elsewhere")),
    ];
  };

/** Values from the weakest to the strongest. A weaker one is refused, and so is one that is not listed. */
export const weakens = (lost: string, order: readonly string[], unset = order[0]): AttributeRule =>
  judged(lost, ({ before, after }) =>
    order.indexOf(`${after ?? unset}`) >= order.indexOf(`${before ?? unset}`) &&
    order.includes(`${after ?? unset}`)
      ? noLoss("tighter")
      : loss(lost),
  );

/** Any change is told as a change of access. */
export const tells =
  (sentence: (values: { readonly before: unknown; readonly after: unknown }) => string): AttributeRule =>
  ({ before, after, unknown }) => [
    access(sentence({ before, after: unknown ? "what is known only after apply" : after })),
  ];

/** The only rule for a value that Terraform does not know yet: it is refused, because it can be any. */
function judged(lost: string, verdict: (change: Parameters<AttributeRule>[0]) => Verdict): AttributeRule {
  return (change) => [
    change.unknown ? loss(`its value is known only after apply, so perhaps ${lost}`) : verdict(change),
  ];
}

function number(value: unknown, { unset = Number.POSITIVE_INFINITY, unlimited = [] }: Limits): number {
  const given = value === undefined ? unset : Number(value);
  return unlimited.includes(given) ? Number.POSITIVE_INFINITY : given;
}

function arnsIn(value: unknown): readonly string[] {
  return JSON.stringify(value ?? null).match(/arn:[^"\\\s]+/g) ?? [];
}

function isOn(value: unknown): boolean {
  return value === true || value === "true" || value === "Enabled" || value === "ENABLED";
}

/** Whether everything in `part` is in `whole`, too. */
function isContained(part: unknown, whole: unknown): boolean {
  if (part === undefined) return true;
  if (Array.isArray(part)) {
    return part.every((element) => asList(whole).some((other) => equal(element, other)));
  }
  const entries = asRecord(part);
  if (!entries) return equal(part, whole);
  return Object.entries(entries).every(
    ([name, value]) => value === null || equal(value, asRecord(whole)?.[name]),
  );
}
