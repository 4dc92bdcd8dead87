import type { AttributeValue, DynamoDBRecord } from "aws-lambda";

interface Changes {
  readonly id?: string;
  readonly timestamp?: number;
  readonly eventName?: DynamoDBRecord["eventName"];
  readonly data?: Record<string, AttributeValue>;
}

/** A record of the table's stream as Lambda delivers it. @param number its position in the shard */
export const streamRecord = (
  number: number,
  { id = "a", timestamp = number, eventName = "INSERT", data = { n: { N: `${number}` } } }: Changes = {},
): DynamoDBRecord => {
  const keys = { id: { S: id }, timestamp: { N: `${timestamp}` } };
  const image = { ...keys, data: { M: data }, etag: { S: `etag-${number}` } };
  return {
    eventID: `event-${number}`,
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    eventSourceARN: "arn:aws:dynamodb:eu-west-1:123456789012:table/items-dev/stream/2026-11-23T00:00:00.000",
    awsRegion: "eu-west-1",
    eventName,
    dynamodb: {
      ApproximateCreationDateTime: 1_700_000_000,
      Keys: keys,
      SequenceNumber: sequenceNumber(number),
      SizeBytes: 59,
      StreamViewType: "NEW_AND_OLD_IMAGES",
      ...(eventName === "INSERT" ? {} : { OldImage: image }),
      ...(eventName === "REMOVE" ? {} : { NewImage: image }),
    },
  } as DynamoDBRecord;
};

/** Digits of equal length, so that they sort as text in the same order as numbers. */
export const sequenceNumber = (number: number): string => `${number}`.padStart(21, "4");
