/** Every count that a function can publish. Alarms and dashboard widgets can only use these names. */
export type CountName =
  | "ItemCreated"
  | "ItemChanged"
  | "ItemRemoved"
  | "Conflict"
  | "IdempotentReplay"
  | "EventPublished"
  | "RecordFailed"
  | "TableCallFailed"
  | "EventBusCallFailed";

/** Durations of calls, in milliseconds. */
export type DurationName = "TableLatency" | "EventBusLatency";
