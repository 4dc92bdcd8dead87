import type { Exchange, Gap, RequestHead } from "../gap";

const writes =
  /^(?:PutItem|UpdateItem|DeleteItem|BatchWriteItem|TransactWriteItems|ExecuteStatement|BatchExecuteStatement|ExecuteTransaction)$/;

/** Reports writes to tables after they have been answered. The calls themselves stream through. */
export class TableWrites implements Gap {
  readonly name = "table-writes";

  constructor(
    private readonly written: (region: string) => void,
    private readonly defaultRegion: string,
  ) {}

  claims({ service, action = "" }: RequestHead): boolean {
    return service === "dynamodb" && writes.test(action);
  }

  observe({ head: { region = this.defaultRegion } }: Exchange): void {
    this.written(region);
  }
}
