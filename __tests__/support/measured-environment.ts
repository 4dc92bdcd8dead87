import type { EnvironmentContext, JestEnvironmentConfig } from "@jest/environment";
import { TestEnvironment } from "jest-environment-node";
import { childrenCpuSeconds } from "../../scripts/test/children-cpu-seconds";
import { recordUsage, suiteOf } from "./suite-usage";

/** Node's environment, which adds one line of JSON for each suite to the file that TEST_USAGE names. */
export default class MeasuredEnvironment extends TestEnvironment {
  private readonly started = Date.now();
  private readonly cpuBefore = cpuSeconds();
  private readonly suite: string;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    this.suite = suiteOf(context.testPath);
  }

  override async teardown(): Promise<void> {
    await super.teardown();
    recordUsage({
      suite: this.suite,
      seconds: (Date.now() - this.started) / 1000,
      cpuSeconds: cpuSeconds() - this.cpuBefore,
    });
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000 + childrenCpuSeconds();
}
