import * as z from "zod/mini";
import { fromAttribute } from "../items/attribute-value";

const image = z.record(z.string(), z.unknown());

/** What is read of a record of the table's stream. */
export const streamRecord = z.object({
  eventID: z.string(),
  eventName: z.enum(["INSERT", "MODIFY", "REMOVE"]),
  dynamodb: z.object({
    SequenceNumber: z.string(),
    NewImage: z.optional(image),
    OldImage: z.optional(image),
  }),
});

export type StreamRecord = z.output<typeof streamRecord>;

const detailTypes = { INSERT: "ItemCreated", MODIFY: "ItemChanged", REMOVE: "ItemRemoved" } as const;

export interface Change {
  readonly detailType: (typeof detailTypes)[keyof typeof detailTypes];
  readonly detail: {
    /** Version of this shape: a consumer ignores what it does not know. */
    readonly version: 1;
    /** The stream record's own id: the same in a replay. */
    readonly eventId: string;
    /** The row after the change; absent where it was removed. */
    readonly item?: unknown;
    /** The row before the change; absent where it was created. */
    readonly previous?: unknown;
  };
}

/** A record of the stream as others hear of it. */
export const changeOf = ({ eventID, eventName, dynamodb }: StreamRecord): Change => ({
  detailType: detailTypes[eventName],
  detail: {
    version: 1,
    eventId: eventID,
    ...(dynamodb.NewImage && { item: fromAttribute({ M: dynamodb.NewImage }) }),
    ...(dynamodb.OldImage && { previous: fromAttribute({ M: dynamodb.OldImage }) }),
  },
});
