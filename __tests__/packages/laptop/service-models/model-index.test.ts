import { modelsBySigningName } from "../../../../packages/laptop/service-models/signing-names";
import { everyService, metadataOf } from "./botocore";

describe("modelsBySigningName", () => {
  it("agrees with botocore's metadata", () => {
    const models: Record<string, string[]> = {};
    for (const service of everyService()) {
      const { signingName, endpointPrefix } = metadataOf(service);
      const name = signingName ?? endpointPrefix;
      models[name] = [...(models[name] ?? []), service];
    }

    const unlike = Object.entries(models).filter(([name, services]) => services.join() !== name);

    expect(modelsBySigningName).toEqual(Object.fromEntries(unlike));
  });
});
