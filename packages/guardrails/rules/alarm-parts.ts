import { readCompositeRule } from "../composite-rule";
import type { Resource } from "../stack-view";

export const alarmType = "aws_cloudwatch_metric_alarm";
export const compositeType = "aws_cloudwatch_composite_alarm";
export const bothTypes = [alarmType, compositeType];

export function acts(alarm: Resource): boolean {
  return alarm.texts("alarm_actions").length > 0;
}

/** The alarms that a composite alarm's state depends on, directly and through other composite alarms. */
export function partsOf(composite: Resource, found = new Set<Resource>()): ReadonlySet<Resource> {
  const { stack } = composite;
  const rule = composite.value("alarm_rule");
  const { names } = readCompositeRule(typeof rule === "string" ? rule : "");
  const direct = [
    ...names.map((name) => stack.follow(name, ...bothTypes)),
    ...stack.referencedBy(composite.raw("alarm_rule")).filter(({ type }) => bothTypes.includes(type)),
  ];
  for (const part of direct) {
    if (!part || found.has(part)) continue;
    found.add(part);
    if (part.type === compositeType) partsOf(part, found);
  }
  return found;
}

/** Whether an alarm is part of a composite alarm that acts, or suppresses one's actions. */
export function actsThroughAnother(alarm: Resource): boolean {
  return alarm.stack.all(compositeType).some((composite) => {
    const suppressor = composite.follow("actions_suppressor.alarm", ...bothTypes);
    // A rule that a Terraform function builds can name it in a text.
    const named = `${composite.raw("alarm_rule")}`.includes(`(${alarm.text("alarm_name")})`);
    return suppressor === alarm || (acts(composite) && (named || partsOf(composite).has(alarm)));
  });
}
