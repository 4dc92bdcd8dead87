import type { MetricStat } from "../../../alarms/metric-alarm";
import type { Sample } from "../../../alarms/sample";
import type { SampleSource } from "../../../alarms/watched-series";

/** The emulator cannot be reached: it is restarting. */
export class EmulatorRestartsError extends Error {
  override readonly name = "EmulatorRestartsError";
}

export interface SamplesRequest {
  readonly region: string;
  /** In milliseconds since the epoch. */
  readonly since: number;
  readonly metrics: readonly MetricStat[];
}

/**
 * Reads the samples of metrics from the emulator, all in one call.
 * @throws EmulatorRestartsError if it cannot be reached
 */
export async function readSamples(
  endpoint: string,
  { region, since, metrics }: SamplesRequest,
): Promise<SampleSource> {
  const keys = [...new Set(metrics.map(keyOf))];
  const response = await fetch(`${endpoint}/_laptop/metric-samples`, {
    method: "POST",
    body: JSON.stringify({ region, since: since / 1000, metrics: keys.map((key) => JSON.parse(key)) }),
  });
  if (response.status === 503) throw new EmulatorRestartsError();
  if (!response.ok) throw new Error(`the emulator returns ${response.status} for the samples of metrics`);
  const found = (await response.json()) as readonly (readonly Sample[])[];
  const samples = new Map(keys.map((key, index) => [key, found[index] ?? []]));
  return (stat) => samples.get(keyOf(stat)) ?? [];
}

function keyOf({ Metric }: MetricStat): string {
  const { Namespace: namespace, MetricName: name, Dimensions: dimensions = [] } = Metric ?? {};
  return JSON.stringify({ namespace, name, dimensions });
}
