import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import type { Environment } from "./environment";

/** Logs as JSON lines, metrics in CloudWatch's embedded format; both go to the function's log group. */
export class Telemetry {
  readonly logger: Logger;
  /** Every metric has the dimensions `service` and `environment`. */
  readonly metrics: Metrics;

  constructor({ service, metricsNamespace, environment }: Environment) {
    this.logger = new Logger({ serviceName: service, persistentKeys: { environment } });
    this.metrics = new Metrics({
      namespace: metricsNamespace,
      serviceName: service,
      defaultDimensions: { environment },
      logger: this.logger,
    });
  }

  /** Begins an invocation: what the last one appended is gone, Lambda's request id is in each line. */
  begin(context: Context): void {
    this.logger.resetKeys();
    this.logger.addContext(context);
    this.quietly(() => this.metrics.captureColdStartMetric());
  }

  /** Ends an invocation: its metrics are written. */
  end(): void {
    this.quietly(() => {
      if (this.metrics.hasStoredMetrics()) this.metrics.publishStoredMetrics();
    });
  }

  /** Counts what happened. A metric that fails is logged and never fails the request. */
  count(name: "ItemCreated"): void {
    this.quietly(() => this.metrics.addMetric(name, "Count", 1));
  }

  private quietly(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.logger.warn("metric lost", { error });
    }
  }
}
