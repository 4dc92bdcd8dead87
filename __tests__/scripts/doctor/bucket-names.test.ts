import { bucketsOfEnvironment } from "../../../scripts/doctor/bucket-names";
import { application, environments } from "../../../stacks/environments";
import { serviceStack } from "../../support/service-stacks";

describe("the bucket-names probe", () => {
  it.each(environments.map(({ name }) => name))("checks the names of all buckets of %s", (name) => {
    const buckets = serviceStack(name)
      .resources("aws_s3_bucket")
      .map((block) => block.text("bucket"));

    const checked = bucketsOfEnvironment.map(
      (bucket) => `${application.organization}-${application.name}-${bucket}-${name}`,
    );
    expect(checked.sort()).toEqual(buckets.sort());
  });
});
