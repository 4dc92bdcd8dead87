import { type Answer, type Call, type Gap, hasSucceeded, jsonAnswer, type RequestHead } from "./gap";
import type { Memory } from "./shared/memory";

/** Settings of a destination that MiniStack does not return. */
export interface HiddenSettings {
  readonly CustomTimeZone?: string;
  readonly FileExtension?: string;
}

interface Destination {
  readonly ExtendedS3DestinationDescription?: HiddenSettings;
}

const actions = /^(?:Create|Delete|Describe)DeliveryStream$|^UpdateDestination$/;

/** Makes the S3 destination of a Firehose stream read back with its time zone and file extension. */
export class DeliveryStreams implements Gap {
  readonly name = "delivery-streams";

  constructor(private readonly streams: Memory<HiddenSettings>) {}

  claims({ service, action = "" }: RequestHead): boolean {
    return service === "firehose" && actions.test(action);
  }

  async intercept(call: Call): Promise<Answer> {
    const answer = await call.pass();
    if (!hasSucceeded(answer)) return answer;
    const input = JSON.parse(call.body.toString());
    const key = `${call.head.region}/${input.DeliveryStreamName}`;
    if (call.head.action === "DescribeDeliveryStream") return this.complete(answer, key);
    if (call.head.action === "DeleteDeliveryStream") this.streams.delete(key);
    else
      this.remember(key, input.ExtendedS3DestinationConfiguration ?? input.ExtendedS3DestinationUpdate ?? {});
    return answer;
  }

  private remember(key: string, { CustomTimeZone, FileExtension }: HiddenSettings): void {
    // An update leaves settings that it does not name unchanged.
    this.streams.set(key, {
      ...this.streams.get(key),
      ...(CustomTimeZone !== undefined && { CustomTimeZone }),
      ...(FileExtension !== undefined && { FileExtension }),
    });
  }

  private complete(answer: Answer, key: string): Answer {
    const output = JSON.parse(answer.body.toString());
    const description = output.DeliveryStreamDescription;
    const settings = { CustomTimeZone: "UTC", ...this.streams.get(key) };
    const Destinations = description.Destinations.map((destination: Destination) => {
      const { ExtendedS3DestinationDescription: s3 } = destination;
      return s3 ? { ...destination, ExtendedS3DestinationDescription: { ...s3, ...settings } } : destination;
    });
    return jsonAnswer(answer, { ...output, DeliveryStreamDescription: { ...description, Destinations } });
  }
}
