import type { ItemRepository } from "../items/item-repository";
import type { CountName } from "../runtime/metric-names";
import type { ApiEvent } from "./api-event";
import type { ApiResponse } from "./api-response";
import type { OperationId } from "./operations";
import type { ParametersOf } from "./read-parameters";

/** The dependencies of the operations' handlers. */
export interface ApiProps {
  readonly items: ItemRepository;
  /** Counts a business event. */
  readonly count: (name: CountName) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Answers one operation. `signal` fires when the request's time is used up. */
export type OperationHandler<Id extends OperationId> = (
  parameters: ParametersOf<Id>,
  event: ApiEvent,
  signal: AbortSignal,
) => Promise<ApiResponse>;
