import { InvalidAlarmError } from "./invalid-alarm-error";
import { type MetricAlarm, metricsOf, type TreatMissingData } from "./metric-alarm";
import type { DatapointRules } from "./state-of-datapoints";

const treatments: readonly string[] = [
  "missing",
  "ignore",
  "breaching",
  "notBreaching",
] satisfies TreatMissingData[];

/** @throws InvalidAlarmError if a number or TreatMissingData is out of range */
export function datapointRulesOf(alarm: MetricAlarm): DatapointRules {
  const evaluationPeriods = atLeastOne(alarm.EvaluationPeriods, "EvaluationPeriods");
  const datapointsToAlarm = atLeastOne(alarm.DatapointsToAlarm ?? evaluationPeriods, "DatapointsToAlarm");
  if (datapointsToAlarm > evaluationPeriods) {
    throw new InvalidAlarmError(
      `DatapointsToAlarm must be less than or equal to EvaluationPeriods (${evaluationPeriods}), got ${datapointsToAlarm}`,
    );
  }
  return { evaluationPeriods, datapointsToAlarm, treatMissingData: treatmentOf(alarm) };
}

/**
 * Alarms on metrics of DynamoDB ignore missing data, whatever TreatMissingData is set to: see TreatMissingData in
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function treatmentOf(alarm: MetricAlarm): TreatMissingData {
  const { TreatMissingData = "missing" } = alarm;
  if (!treatments.includes(TreatMissingData)) {
    throw new InvalidAlarmError(
      `TreatMissingData must be one of ${treatments.join(", ")}, got ${TreatMissingData}`,
    );
  }
  const metrics = metricsOf(alarm);
  const isDynamo = metrics.length > 0 && metrics.every(({ Metric }) => Metric?.Namespace === "AWS/DynamoDB");
  return isDynamo ? "ignore" : (TreatMissingData as TreatMissingData);
}

function atLeastOne(value: number | undefined, name: string): number {
  if (value === undefined || !Number.isInteger(value) || value < 1)
    throw new InvalidAlarmError(`${name} must be a whole number of at least 1, got ${value}`);
  return value;
}
