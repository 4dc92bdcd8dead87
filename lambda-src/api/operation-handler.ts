import type { ItemRepository } from "../items/item-repository";
import type { CountName } from "../runtime/telemetry";
import type { ApiEvent } from "./api-event";
import type { ApiResponse } from "./api-response";
import type { OperationId } from "./operations";
import type { ParametersOf } from "./read-parameters";

/** What the handlers work with. */
export interface ApiProps {
  readonly items: ItemRepository;
  /** Counts what happened. */
  readonly count: (name: CountName) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Answers one operation. `signal` fires when the request has used its time. */
export type OperationHandler<Id extends OperationId> = (
  parameters: ParametersOf<Id>,
  event: ApiEvent,
  signal: AbortSignal,
) => Promise<ApiResponse>;
