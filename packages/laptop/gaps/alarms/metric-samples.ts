import type { MetricStat } from "../../../alarms/metric-alarm";
import type { Sample } from "../../../alarms/sample";
import type { SampleSource } from "../../../alarms/watched-series";
import type { PatchedEmulator } from "../shared/patched-emulator";

export interface SamplesRequest {
  readonly region: string;
  readonly metrics: readonly WantedMetric[];
}

export interface WantedMetric {
  readonly stat: MetricStat;
  /** In milliseconds since the epoch, a multiple of 10 seconds. */
  readonly since: number;
}

export interface FoundSamples {
  readonly samples: SampleSource;
  /** Changes whenever a sample is written. */
  readonly writes: number;
}

interface Output {
  readonly writes: number;
  readonly samples: readonly (readonly Sample[])[];
}

/**
 * Reads the samples of metrics from the emulator, all in one call.
 * @throws EmulatorRestartsError while it restarts
 */
export async function readSamples(
  emulator: PatchedEmulator,
  { region, metrics }: SamplesRequest,
): Promise<FoundSamples> {
  const since = new Map<string, number>();
  for (const wanted of metrics) {
    const key = keyOf(wanted.stat);
    since.set(key, Math.min(wanted.since, since.get(key) ?? wanted.since));
  }
  const found = await emulator.call<Output>("metric-samples", {
    region,
    metrics: [...since].map(([key, at]) => ({ ...JSON.parse(key), since: at / 1000 })),
  });
  const samples = new Map([...since.keys()].map((key, index) => [key, found.samples[index] ?? []]));
  return { samples: (stat) => samples.get(keyOf(stat)) ?? [], writes: found.writes };
}

function keyOf({ Metric }: MetricStat): string {
  const { Namespace: namespace, MetricName: name, Dimensions: dimensions = [] } = Metric ?? {};
  return JSON.stringify({ namespace, name, dimensions });
}
