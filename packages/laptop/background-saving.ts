import { say } from "../terminal/progress";

export interface Saved {
  /** How many changes there have been. */
  readonly changes: () => number;
  /** What is lost if this process is killed now. */
  readonly loss: () => string;
  /**
   * @param signal aborts the save
   * @returns false if it must be tried again later
   */
  readonly save: (signal: AbortSignal) => Promise<boolean>;
}

/** The share of the time that saving may take. */
const share = 1 / 10;

/** Saves repeatedly, as long as there are changes. */
export class BackgroundSaving {
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();
  private readonly ending = new AbortController();
  private failing = false;
  private savedChanges: number;

  constructor(
    private readonly everySeconds: number,
    private readonly saved: Saved,
  ) {
    this.savedChanges = saved.changes();
    this.wait(everySeconds * 1000);
  }

  /** Aborts the save in progress, and waits until it has ended. */
  async end(): Promise<void> {
    this.ending.abort();
    clearTimeout(this.timer);
    await this.current;
  }

  private wait(milliseconds: number): void {
    if (this.ending.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.current = this.saveIfChanged();
    }, milliseconds);
  }

  private async saveIfChanged(): Promise<void> {
    const started = performance.now();
    const changes = this.saved.changes();
    if (changes !== this.savedChanges) {
      try {
        if (await this.saved.save(this.ending.signal)) {
          this.savedChanges = changes;
          if (this.failing) say("✓ the state is saved again");
          this.failing = false;
        }
      } catch (error) {
        if (!this.failing && !this.ending.signal.aborted) this.report(error as Error);
      }
    }
    this.wait(Math.max(this.everySeconds * 1000, (performance.now() - started) / share));
  }

  private report({ message }: Error): void {
    this.failing = true;
    say(
      `! ${message}. Saving will be retried every ${this.everySeconds} s. If this process is killed, ${this.saved.loss()}`,
    );
  }
}
