import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import type { Environment } from "./environment";
import { ignoreLambdaLogLevel, traceHeader } from "./environment";
import type { CountName, DurationName } from "./metric-names";
import { Trace } from "./trace";

/**
 * Writes logs as JSON lines and metrics in CloudWatch's embedded format to the function's log group, and
 * sends traces to X-Ray.
 */
export class Telemetry {
  readonly logger: Logger;
  /** Every metric has the dimensions `service`, `application` and `environment`. */
  readonly metrics: Metrics;
  readonly trace: Trace;

  constructor({ service, metricsNamespace, application, environment, daemonAddress }: Environment) {
    ignoreLambdaLogLevel();
    this.logger = new Logger({ serviceName: service, persistentKeys: { environment } });
    this.metrics = new Metrics({
      namespace: metricsNamespace,
      serviceName: service,
      defaultDimensions: { application, environment },
      logger: this.logger,
    });
    this.trace = new Trace(daemonAddress, traceHeader);
  }

  /**
   * Begins an invocation: clears the keys of the previous one and adds Lambda's request id to every log line.
   */
  begin(context: Context): void {
    this.logger.resetKeys();
    this.logger.refreshSampleRateCalculation();
    this.logger.addContext(context);
    this.quietly(() => this.metrics.captureColdStartMetric());
  }

  /** Ends an invocation: writes its metrics and sends its trace. */
  async end(): Promise<void> {
    this.quietly(() => {
      if (this.metrics.hasStoredMetrics()) this.metrics.publishStoredMetrics();
    });
    await this.trace.flush();
  }

  count(name: CountName, times = 1): void {
    if (times > 0) this.quietly(() => this.metrics.addMetric(name, "Count", times));
  }

  duration(name: DurationName, milliseconds: number): void {
    this.quietly(() => this.metrics.addMetric(name, "Milliseconds", milliseconds));
  }

  /** A metric that cannot be recorded is logged. It never fails the request. */
  private quietly(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.logger.warn("metric lost", { error });
    }
  }
}
