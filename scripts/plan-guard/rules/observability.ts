import { type AttributeChange, access, loss, noLoss, type TypeRule, type Verdict } from "./attribute-rule";
import {
  disables,
  harmless,
  identity,
  isOvergrown,
  isStarved,
  keeps,
  leavesItsRange,
  raises,
  removes,
  shortens,
  weakens,
} from "./vocabulary";

const ofGroup = { type: "aws_cloudwatch_log_group", by: [["log_group_name", "name"]] } as const;
const watchesOther = "the alarm watches something else than its name says";

/** Logs, alarms and what people look at. */
export const observability: Readonly<Record<string, TypeRule>> = {
  aws_cloudwatch_log_group: {
    end: "its log lines are lost",
    attributes: {
      name: identity,
      name_prefix: harmless("derived"),
      retention_in_days: shortens("older log lines are deleted, and whoever investigates finds none", {
        unlimited: [0],
      }),
      kms_key_id: removes("new log lines are encrypted with AWS's key instead of the environment's"),
      log_group_class: identity,
      skip_destroy: harmless("terraform"),
    },
  },
  aws_cloudwatch_log_stream: {
    end: "its log lines are lost",
    partOf: [ofGroup],
    attributes: { name: identity, log_group_name: identity },
  },
  aws_cloudwatch_log_subscription_filter: {
    end: "its destination gets no more log lines, and those of the meantime are lost to it",
    partOf: [ofGroup],
    attributes: {
      name: identity,
      log_group_name: identity,
      destination_arn: logDestination,
      filter_pattern: keeps("log lines that the pattern leaves out are lost to the destination"),
      role_arn: keeps("log lines are sent as another role, and are lost if it may not"),
      distribution: harmless("pace"),
    },
  },
  aws_cloudwatch_metric_alarm: {
    end: "nobody is told any more when it happens",
    attributes: {
      alarm_name: identity,
      alarm_description: harmless("text"),
      actions_enabled: disables("nobody is told any more when it happens", true),
      alarm_actions: removes("whoever is notified today is told no more when it happens"),
      ok_actions: removes("whoever is notified today is told no more when it is over"),
      insufficient_data_actions: removes("whoever is notified today is told no more when data is missing"),
      threshold: thresholdChange,
      comparison_operator: comparison,
      evaluation_periods: leavesItsRange("the alarm goes off later, or forgets sooner"),
      datapoints_to_alarm: datapointsChange,
      period: leavesItsRange("the alarm goes off later, or sees too little to go off"),
      treat_missing_data: weakens(
        "the alarm does not go off while there is no data",
        ["ignore", "missing", "notBreaching", "breaching"],
        "missing",
      ),
      metric_name: keeps(watchesOther),
      namespace: keeps(watchesOther),
      dimensions: keeps(watchesOther),
      metric_query: keeps(watchesOther),
      statistic: keeps(watchesOther),
      extended_statistic: keeps(watchesOther),
      unit: keeps(watchesOther),
      threshold_metric_id: keeps(watchesOther),
      evaluate_low_sample_count_percentiles: keeps("the alarm ignores times with few calls"),
    },
  },
  aws_cloudwatch_dashboard: {
    end: "whoever is on call has no dashboard",
    attributes: { dashboard_name: identity, dashboard_body: dashboardChange },
  },
};

function logDestination({ after, unknown, resource }: AttributeChange): readonly Verdict[] {
  const reader = unknown ? "somebody known only after apply" : `${after}`;
  return [
    access(`${reader} now gets the log lines of ${resource.after?.log_group_name}`),
    ...(resource.isNew ? [] : [loss("the destination of today gets no more log lines")]),
  ];
}

/** How far a threshold is from being crossed depends on the direction in which it is crossed. */
function thresholdChange({ before, after, unknown, resource }: AttributeChange): readonly Verdict[] {
  const lost = "the alarm goes off much later, or never";
  if (unknown) return [loss(`its value is known only after apply, so perhaps ${lost}`)];
  const [from, to] = [Number(before), Number(after)];
  if (before === undefined || after === undefined || Number.isNaN(to)) return [loss(watchesOther)];
  const isBelow = `${resource.after?.comparison_operator}`.startsWith("LessThan");
  const isLost = isBelow ? to < from && (isStarved(from, to) || to <= 0) : isOvergrown(from, to);
  return [isLost ? loss(lost) : noLoss("pace")];
}

/** If it is unset, all evaluated periods must breach. */
function datapointsChange(change: AttributeChange): readonly Verdict[] {
  const { before, after } = change.resource;
  return raises("the alarm goes off later")({
    ...change,
    before: change.before ?? before?.evaluation_periods,
    after: change.after ?? after?.evaluation_periods,
  });
}

function comparison({ before, after, unknown }: AttributeChange): readonly Verdict[] {
  const isWider = !unknown && `${after}`.replace("OrEqualTo", "") === before;
  return [isWider ? noLoss("tighter") : loss("the alarm goes off at other values than before")];
}

/** What a dashboard shows is for people, but it must show something. */
function dashboardChange({ after, unknown }: AttributeChange): readonly Verdict[] {
  if (unknown) return [loss("its widgets are known only after apply, so perhaps it has none")];
  return [widgets(after) > 0 ? noLoss("text") : loss("whoever is on call no longer sees anything there")];
}

function widgets(body: unknown): number {
  try {
    return JSON.parse(`${body}`).widgets.length;
  } catch {
    return 0;
  }
}
