export interface BatchesProps<T> {
  /** How long the first item of a batch waits for more. */
  readonly milliseconds: number;
  readonly deliver: (key: string, items: readonly T[]) => Promise<void>;
  /** Called if a delivery fails; its items are lost. */
  readonly failed: (error: unknown) => void;
}

/**
 * Collects items by key and delivers them together, after the calls they came from have been answered. A key's batches are
 * delivered one after the other, in the order of their items.
 */
export class Batches<T> {
  private readonly waiting = new Map<string, { readonly items: T[]; readonly timer: NodeJS.Timeout }>();
  /** The last delivery of each key, which waits for those before it. */
  private readonly deliveries = new Map<string, Promise<void>>();

  constructor(private readonly props: BatchesProps<T>) {}

  add(key: string, ...items: readonly T[]): void {
    const batch = this.waiting.get(key);
    if (batch) batch.items.push(...items);
    else {
      const timer = setTimeout(() => this.deliver(key), this.props.milliseconds);
      this.waiting.set(key, { items: [...items], timer });
    }
  }

  /** Delivers waiting items now, and waits until every delivery has finished. */
  async settle(): Promise<void> {
    for (const key of this.waiting.keys()) this.deliver(key);
    await Promise.all(this.deliveries.values());
  }

  private deliver(key: string): void {
    const batch = this.waiting.get(key);
    if (!batch) return;
    clearTimeout(batch.timer);
    this.waiting.delete(key);
    const previous = this.deliveries.get(key) ?? Promise.resolve();
    const delivery = previous
      .then(() => this.props.deliver(key, batch.items))
      .catch(this.props.failed)
      .finally(() => {
        if (this.deliveries.get(key) === delivery) this.deliveries.delete(key);
      });
    this.deliveries.set(key, delivery);
  }
}
