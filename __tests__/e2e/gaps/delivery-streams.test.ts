import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
} from "@aws-sdk/client-firehose";
import { expectGap, useEmulators } from "./emulators";
import { destination } from "./line-destination";

describe("delivery streams", () => {
  const emulators = useEmulators();

  const name = { DeliveryStreamName: "zoned" };
  const settings = { CustomTimeZone: "Europe/Berlin", FileExtension: ".log.gz" };

  it("lose settings in MiniStack", async () => {
    const read = await createAndDescribe(new FirehoseClient(emulators.bare));

    expectGap(read?.CustomTimeZone !== undefined, "delivery-streams");
  });

  it("read back with their time zone and file extension", async () => {
    const read = await createAndDescribe(new FirehoseClient(emulators.withGaps));

    expect(read).toMatchObject(settings);
  });

  async function createAndDescribe(firehose: FirehoseClient) {
    const ExtendedS3DestinationConfiguration = { ...destination, ...settings };
    await firehose.send(new CreateDeliveryStreamCommand({ ...name, ExtendedS3DestinationConfiguration }));
    const { DeliveryStreamDescription } = await firehose.send(new DescribeDeliveryStreamCommand(name));
    await firehose.send(new DeleteDeliveryStreamCommand(name));
    return DeliveryStreamDescription?.Destinations?.[0]?.ExtendedS3DestinationDescription;
  }
});
