import { each, type Rule } from "../rule";
import { scheduleProblem } from "../schedule";

export const schedulerRules: readonly Rule[] = [
  {
    id: "events-scheduler",
    group: "events",
    demands: "A schedule of EventBridge Scheduler is a rate, a cron expression or a time, in a valid window",
    why: "AWS rejects the schedule at apply.",
    fix: "Write rate(5 minutes), cron(0 9 ? * MON-FRI *) or at(2026-01-31T09:00:00), and give a flexible window its minutes.",
    mirrors: [],
    check: each("aws_scheduler_schedule", (schedule) => {
      const expression = schedule.value("schedule_expression");
      const problem = typeof expression === "string" ? scheduleProblem(expression, "scheduler") : undefined;
      const mode = schedule.text("flexible_time_window.mode");
      const hasMinutes = schedule.has("flexible_time_window.maximum_window_in_minutes");
      return [
        ...(problem ? [`schedule_expression is ${expression}: ${problem}`] : []),
        ...(mode === "FLEXIBLE" && !hasMinutes
          ? ["flexible_time_window has no maximum_window_in_minutes"]
          : []),
        ...(mode === "OFF" && hasMinutes ? ["flexible_time_window is OFF, but has minutes"] : []),
      ];
    }),
  },
];
