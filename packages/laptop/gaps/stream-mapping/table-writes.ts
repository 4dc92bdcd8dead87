import type { Exchange, Gap, RequestHead } from "../gap";

const writes =
  /^(?:PutItem|UpdateItem|DeleteItem|BatchWriteItem|TransactWriteItems|ExecuteStatement|BatchExecuteStatement|ExecuteTransaction)$/;

/** Tells of writes to tables once they are answered; they stream through meanwhile. */
export class TableWrites implements Gap {
  readonly name = "table-writes";

  constructor(
    private readonly written: (region: string) => void,
    private readonly defaultRegion: string,
  ) {}

  concerns({ service, action = "" }: RequestHead): boolean {
    return service === "dynamodb" && writes.test(action);
  }

  observe({ head: { region = this.defaultRegion } }: Exchange): void {
    this.written(region);
  }
}
