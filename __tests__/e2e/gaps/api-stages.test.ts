import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  GetStageCommand,
} from "@aws-sdk/client-api-gateway";
import { type ClientConfig, expectGap, useEmulators } from "./emulators";
import { accessLogFormat, deployItemsApi } from "./items-api";

describe("a stage without an access log", () => {
  const emulators = useEmulators();
  let apiId: string;

  beforeAll(async () => {
    apiId = await deployItemsApi(emulators.bare);
  });

  it("reads back with empty settings of one in MiniStack", async () => {
    expectGap((await settingsOf(emulators.bare)) === undefined, "api-stages");
  });

  it("reads back without such settings", async () => {
    expect(await settingsOf(emulators.withGaps)).toBeUndefined();
  });

  it("keeps the settings of a stage with an access log", async () => {
    const stage = { restApiId: apiId, stageName: "dev" };

    const { accessLogSettings } = await new APIGatewayClient(emulators.withGaps).send(
      new GetStageCommand(stage),
    );

    expect(accessLogSettings?.format).toBe(accessLogFormat);
  });

  async function settingsOf(config: ClientConfig) {
    const client = new APIGatewayClient(config);
    const { id: restApiId } = await client.send(new CreateRestApiCommand({ name: "gaps-stages" }));
    const { id: deploymentId } = await client.send(new CreateDeploymentCommand({ restApiId }));
    const stage = { restApiId, stageName: "plain" };
    await client.send(new CreateStageCommand({ ...stage, deploymentId }));
    const { accessLogSettings } = await client.send(new GetStageCommand(stage));
    return accessLogSettings;
  }
});
