import { report } from "./report";

export interface BatchesProps<T> {
  readonly gap: string;
  /** How long the first item of a batch waits for others. */
  readonly milliseconds: number;
  readonly deliver: (key: string, items: readonly T[]) => Promise<void>;
}

/** Collects items by key and delivers them together, after the calls that they come from. */
export class Batches<T> {
  private readonly waiting = new Map<string, { readonly items: T[]; readonly timer: NodeJS.Timeout }>();
  private readonly deliveries = new Set<Promise<void>>();

  constructor(private readonly props: BatchesProps<T>) {}

  add(key: string, ...items: readonly T[]): void {
    const batch = this.waiting.get(key);
    if (batch) batch.items.push(...items);
    else {
      const timer = setTimeout(() => this.deliver(key), this.props.milliseconds);
      this.waiting.set(key, { items: [...items], timer });
    }
  }

  /** Delivers what waits, and ends when all is delivered. */
  async settle(): Promise<void> {
    for (const key of this.waiting.keys()) this.deliver(key);
    await Promise.all(this.deliveries);
  }

  private deliver(key: string): void {
    const batch = this.waiting.get(key);
    if (!batch) return;
    clearTimeout(batch.timer);
    this.waiting.delete(key);
    const delivery = this.props
      .deliver(key, batch.items)
      .catch((error: unknown) => report(this.props.gap, error))
      .finally(() => this.deliveries.delete(delivery));
    this.deliveries.add(delivery);
  }
}
