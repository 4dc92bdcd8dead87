interface Field {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly names?: readonly string[];
  /** What the field takes besides numbers, ranges, lists and steps. */
  readonly special?: RegExp;
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Source: "Setting a schedule pattern for scheduled rules" in EventBridge's guide, "Schedule types" in Scheduler's. */
const fields: readonly Field[] = [
  { name: "minutes", minimum: 0, maximum: 59 },
  { name: "hours", minimum: 0, maximum: 23 },
  { name: "day of month", minimum: 1, maximum: 31, special: /^(\?|L|LW|(\d+)W|L-\d+)$/ },
  { name: "month", minimum: 1, maximum: 12, names: months },
  {
    name: "day of week",
    minimum: 1,
    maximum: 7,
    names: weekdays,
    special: /^(\?|L|[1-7A-Z]+L|[1-7A-Z]+#[1-5])$/,
  },
  { name: "year", minimum: 1970, maximum: 2199 },
];

/**
 * Why EventBridge does not accept a schedule; undefined if it does.
 * @param kind a rule, or a schedule of EventBridge Scheduler, which also runs once
 */
export function scheduleProblem(schedule: string, kind: "rule" | "scheduler"): string | undefined {
  // Only Terraform knows the rest.
  if (schedule.includes("${")) return undefined;
  const [, type, content = ""] = /^(rate|cron|at)\((.*)\)$/.exec(schedule) ?? [];
  if (type === "rate") return rateProblem(content, kind);
  if (type === "cron") return cronProblem(content);
  if (type === "at" && kind === "scheduler") return atProblem(content);
  return kind === "rule" ? "it is neither rate(…) nor cron(…)" : "it is none of rate(…), cron(…) and at(…)";
}

function rateProblem(content: string, kind: "rule" | "scheduler"): string | undefined {
  const [, value = "", unit = ""] = /^(\d+) (minute|hour|day)s?$/.exec(content) ?? [];
  if (!unit) return "a rate is a number and minutes, hours or days";
  if (Number(value) < 1) return "a rate is at least 1";
  const singular = !content.endsWith("s");
  return kind === "rule" && singular !== (Number(value) === 1)
    ? `${value} takes ${singular ? `${unit}s` : unit}`
    : undefined;
}

function cronProblem(content: string): string | undefined {
  const values = content.trim().split(/\s+/);
  if (values.length !== fields.length)
    return `it has ${values.length} fields, not the six minutes, hours, day of month, month, day of week and year`;
  const [, , dayOfMonth, , dayOfWeek] = values;
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) return "exactly one of day of month and day of week is ?";
  const wrong = fields.filter((field, index) => !fieldAccepts(field, values[index] ?? ""));
  return wrong.length > 0
    ? wrong.map(({ name, minimum, maximum }) => `${name} is from ${minimum} to ${maximum}`).join(", ")
    : undefined;
}

function fieldAccepts(field: Field, value: string): boolean {
  return value.split(",").every((part) => {
    if (field.special?.test(part)) return true;
    const [range = "", step, ...rest] = part.split("/");
    if (rest.length > 0 || (step !== undefined && !(Number(step) >= 1))) return false;
    return range === "*" || range.split("-").every((one) => isWithin(field, one));
  });
}

function isWithin({ minimum, maximum, names = [] }: Field, value: string): boolean {
  if (names.includes(value.toUpperCase())) return true;
  return /^\d+$/.test(value) && Number(value) >= minimum && Number(value) <= maximum;
}

function atProblem(content: string): string | undefined {
  const isTime =
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(content) && !Number.isNaN(Date.parse(`${content}Z`));
  return isTime ? undefined : "a time is written as 2026-01-31T09:00:00, without a time zone";
}
