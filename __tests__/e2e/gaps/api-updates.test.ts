import { isDeepStrictEqual } from "node:util";
import {
  APIGatewayClient,
  CreateRestApiCommand,
  GetMethodCommand,
  GetResourcesCommand,
  PutMethodCommand,
  UpdateMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { type ClientConfig, expectGap, useEmulators } from "./emulators";

describe("updates of an API", () => {
  const emulators = useEmulators();

  const parameter = "method.request.querystring.limit";

  /** Adds a parameter and a model to a method. @returns both as read back */
  const updated = async (config: ClientConfig) => {
    const client = new APIGatewayClient(config);
    const { id: restApiId } = await client.send(new CreateRestApiCommand({ name: "gaps-updates" }));
    const { items } = await client.send(new GetResourcesCommand({ restApiId }));
    const method = { restApiId, resourceId: items?.[0]?.id, httpMethod: "GET" };
    await client.send(new PutMethodCommand({ ...method, authorizationType: "AWS_IAM" }));
    const patchOperations = [
      { op: "add" as const, path: `/requestParameters/${parameter}`, value: "true" },
      { op: "add" as const, path: "/requestModels/application~1json", value: "Empty" },
    ];
    await client.send(new UpdateMethodCommand({ ...method, patchOperations }));
    const { requestParameters, requestModels } = await client.send(new GetMethodCommand(method));
    return { requestParameters, requestModels };
  };

  const expected = {
    requestParameters: { [parameter]: true },
    requestModels: { "application/json": "Empty" },
  };

  it("are stored by MiniStack as text, under names that are not decoded", async () => {
    const kept = await updated(emulators.bare);

    const right = Object.keys(expected).filter((name) =>
      isDeepStrictEqual({ ...kept }[name], { ...expected }[name]),
    );
    expectGap(right.length > 0, "api-updates");
  });

  it("read back with their types and decoded names", async () => {
    expect(await updated(emulators.withGaps)).toEqual(expected);
  });
});
