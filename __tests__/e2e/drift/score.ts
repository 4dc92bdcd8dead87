import type { Mutation } from "./mutation";
import type { NotPlanted } from "./shadow-stack";

export interface BatchResult {
  readonly planted: readonly Mutation[];
  readonly notPlanted: readonly NotPlanted[];
  /** Those of the planted ones that no finding names. */
  readonly unseen: readonly Mutation[];
  /** Addresses of those that the emulator accepted and did not store. */
  readonly notKept: ReadonlySet<string>;
  readonly meansTheSame: (mutation: Mutation) => boolean;
}

/** What opens access, loses data or silences an alarm if it is changed. */
const critical =
  /polic|assume_role|authoriz|principal|block_public|restrict_public|ignore_public|ownership|_lambda_permission|retention|deletion_protection|point_in_time|\.ttl|encrypt|sse|versioning|lifecycle|alarm|dead_letter|on_failure|destination|redrive|throttling|request_validator|event_source_mapping|subscription|concurren/;

/** How many of the planted changes were named, and why others were not planted. */
export class Score {
  named = 0;
  private namedCritical = 0;
  private readonly unseen: Mutation[] = [];
  private readonly notPlanted: NotPlanted[] = [];

  add(batch: BatchResult): void {
    this.notPlanted.push(...batch.notPlanted);
    for (const mutation of batch.planted) {
      if (!batch.unseen.includes(mutation)) {
        this.named += 1;
        if (isCritical(mutation)) this.namedCritical += 1;
      } else if (batch.meansTheSame(mutation)) {
        this.notPlanted.push({ mutation, reason: "means the same" });
      } else if (batch.notKept.has(mutation.address)) {
        this.notPlanted.push({ mutation, reason: "accepted by the emulator, and not kept" });
      } else {
        this.unseen.push(mutation);
      }
    }
  }

  missed(): readonly string[] {
    return this.unseen.map(({ address, what }) => `${address}: ${what}`);
  }

  /** One line, for the campaign. */
  summary(): string {
    const planted = this.named + this.unseen.length;
    const dangerous = this.namedCritical + this.unseen.filter(isCritical).length;
    return `changes, of which ${planted} could be planted and ${this.named} were named; of the ${dangerous} that open access, lose data or silence an alarm ${this.namedCritical}`;
  }

  /** Everything that was missed or not planted, with the reason. */
  report(): string {
    const lines = [
      this.summary(),
      ...this.missed().map((one) => `missed: ${one}`),
      ...this.notPlanted.map(
        ({ mutation, reason }) => `not planted: ${mutation.address}: ${mutation.what}: ${reason}`,
      ),
    ];
    return `${lines.join("\n")}\n`;
  }
}

function isCritical({ address, attribute, what }: Mutation): boolean {
  return critical.test(`${address.split(".")[0]}.${attribute} ${what}`);
}
