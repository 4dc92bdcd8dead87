import { type ChangedAttribute, changedAttributes } from "./attribute-walk";
import { shownDifference } from "./differences";
import type { PlanIndex } from "./plan-index";
import { allTypes } from "./rules/all-types";
import { loss, noLoss, type ResourceValues, type TypeRule, type Verdict } from "./rules/attribute-rule";
import { commonAttributes } from "./rules/common-attributes";
import type { HarmlessKind } from "./rules/harmless";
import { ruleByName, unknownType } from "./rules/unknown-type";
import { asRecord } from "./rules/values";
import { withoutSensitive } from "./sensitive-words";
import type { Change, ResourceChange } from "./terraform-plan";

/** What a plan is refused for unless somebody acknowledges it. */
export interface Loss {
  /** What to acknowledge: the resource's address, or `<address>.<attribute>`. */
  readonly key: string;
  /** The attribute with its values, unless these must not be shown. Missing if the whole resource is lost. */
  readonly difference?: string;
  /** What is lost, and for whom. */
  readonly text: string;
}

/** Everything that the change of one resource means. */
export interface ChangeJudgement {
  readonly losses: readonly Loss[];
  /** Who may now do what, or may no longer do it. */
  readonly access: readonly string[];
  /** Attributes, or `the resource`, of which plan-guard does not know what they do. */
  readonly unjudged: readonly string[];
  /** Why other changes lose nothing. */
  readonly harmless: readonly HarmlessKind[];
}

/** @param address with `#` and the object's key for an object that a replacement left behind */
export function judgeChange(change: ResourceChange, address: string, plan: PlanIndex): ChangeJudgement {
  const { actions, before, after } = change.change;
  const rule = allTypes[change.type] ?? unknownType;
  const ends = actions.includes("delete") || (actions.includes("forget") && actions.includes("create"));
  const isNew = actions.includes("create") && !ends;
  const resource: ResourceValues = {
    address,
    isNew,
    before: asRecord(before),
    after: asRecord(after),
    all: plan.all,
    others: (type, side) => plan.others(change.address, type, side),
    followed: plan.followed,
    followedArns: plan.followedArns,
  };
  const end = endOf(rule, resource);
  const judgement = new Collected(address, end, change.change);
  if (ends) {
    const isReplaced = actions.includes("create");
    if (isReplaced && rule.replaced) judgement.add(noLoss(rule.replaced));
    else if (rule.partOf && plan.isPartOf(change, rule.partOf, "ended")) judgement.add(noLoss("withWhole"));
    else judgement.add(end);
  }
  if (actions.includes("create") || actions.includes("update")) {
    const configures = isNew && rule.configures && !plan.isPartOf(change, rule.partOf ?? [], "created");
    const isJudged = (verdict: Verdict) => {
      // The end of what is replaced is judged above, as the end of a part of something or of its own.
      if (verdict.kind === "end") return !ends && !isNew;
      return !isNew || configures || verdict.kind === "access" || (verdict.kind === "loss" && verdict.opens);
    };
    for (const attribute of attributesOf(change, rule)) {
      if (isLeftToAws(attribute, ends) && !plan.isConfigured(change, attribute.pattern)) continue;
      if (ends && isDefault(attribute)) continue;
      if (!ends && plan.follows(attribute)) {
        judgement.add(noLoss("follows"));
        continue;
      }
      const judge = rule.attributes[attribute.pattern] ?? commonAttributes[attribute.pattern];
      const verdicts = (judge ?? ruleByName(attribute.pattern))?.({ ...attribute, resource });
      if (verdicts) judgement.addAll(verdicts.filter(isJudged), attribute);
      // What only the provider sets is known after apply, and is no change of its own.
      else if (!isNew && !attribute.unknown) judgement.unjudged.push(attribute.path);
    }
    judgement.addAll((rule.asWhole?.(resource) ?? []).filter(isJudged));
    if (isNew && rule === unknownType) judgement.unjudged.push("the resource");
  }
  return judgement;
}

/** Whether a value that is known only after apply had no value before, or was another object's. */
function isLeftToAws({ before, unknown }: ChangedAttribute, isReplaced: boolean): boolean {
  return unknown && (before === undefined || isReplaced);
}

/** A provider reads what is unset back as 0 or false, which a new object does not show. */
function isDefault({ before, after, unknown }: ChangedAttribute): boolean {
  return !unknown && after === undefined && (before === 0 || before === false);
}

function endOf({ end }: TypeRule, resource: ResourceValues): Verdict {
  if (typeof end === "object") return noLoss(end.harmless);
  const found = typeof end === "string" ? end : end(resource);
  return typeof found === "string" ? loss(found) : found;
}

function attributesOf({ change }: ResourceChange, { attributes }: TypeRule): readonly ChangedAttribute[] {
  const patterns = Object.keys(attributes);
  return changedAttributes(change, (path) =>
    path in attributes
      ? []
      : patterns
          .filter((pattern) => pattern.startsWith(`${path}.`))
          .map((pattern) => pattern.slice(path.length + 1).split(".")[0] ?? ""),
  );
}

class Collected implements ChangeJudgement {
  readonly losses: Loss[] = [];
  readonly access: string[] = [];
  readonly unjudged: string[] = [];
  readonly harmless: HarmlessKind[] = [];

  constructor(
    private readonly address: string,
    private readonly end: Verdict,
    private readonly change: Change,
  ) {}

  addAll(verdicts: readonly Verdict[], attribute?: ChangedAttribute): void {
    for (const verdict of verdicts) {
      if (verdict.kind === "end") this.add(this.end);
      else this.add(verdict, attribute);
    }
  }

  /** Adds a verdict on an attribute, or on the whole resource. The same one twice is one. */
  add(verdict: Verdict, attribute?: ChangedAttribute): void {
    if (verdict.kind === "harmless") this.harmless.push(verdict.reason);
    if (verdict.kind === "harmless" || verdict.kind === "end") return;
    const text = withoutSensitive(verdict.text, this.change);
    if (verdict.kind === "access") {
      if (!this.access.includes(text)) this.access.push(text);
      return;
    }
    const key = attribute ? `${this.address}.${attribute.path}` : this.address;
    if (this.losses.some((other) => other.key === key && other.text === text)) return;
    this.losses.push({ key, ...(attribute && { difference: shownDifference(attribute) }), text });
  }
}
