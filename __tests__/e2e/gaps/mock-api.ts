import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  DeleteMethodCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { type Signer, signedFetch } from "../signed-fetch";
import type { ClientConfig } from "./emulators";

const header = "method.response.header.x-version";

/** A REST API with one stage, whose methods answer 200 without a backend. */
export class MockApi {
  private constructor(
    readonly client: APIGatewayClient,
    private readonly endpoint: string,
    readonly restApiId: string,
    readonly rootId: string,
  ) {}

  static async create(config: ClientConfig): Promise<MockApi> {
    const client = new APIGatewayClient(config);
    const { id: restApiId = "" } = await client.send(new CreateRestApiCommand({ name: "gaps-mock" }));
    const { items = [] } = await client.send(new GetResourcesCommand({ restApiId }));
    return new MockApi(client, config.endpoint, restApiId, items[0]?.id ?? "");
  }

  async addResource(pathPart: string, parentId = this.rootId): Promise<string> {
    const { restApiId } = this;
    const { id = "" } = await this.client.send(new CreateResourceCommand({ restApiId, parentId, pathPart }));
    return id;
  }

  /** @param version what the method returns in the header `x-version` */
  async putMethod(resourceId: string, httpMethod: string, version: string, authorizationType = "NONE") {
    const method = { restApiId: this.restApiId, resourceId, httpMethod };
    const response = { ...method, statusCode: "200" };
    await this.client.send(new PutMethodCommand({ ...method, authorizationType }));
    await this.client.send(
      new PutIntegrationCommand({
        ...method,
        type: "MOCK",
        requestTemplates: { "application/json": '{"statusCode":200}' },
      }),
    );
    await this.client.send(
      new PutMethodResponseCommand({ ...response, responseParameters: { [header]: true } }),
    );
    await this.client.send(
      new PutIntegrationResponseCommand({ ...response, responseParameters: { [header]: `'${version}'` } }),
    );
  }

  async deleteMethod(resourceId: string, httpMethod: string): Promise<void> {
    const { restApiId } = this;
    await this.client.send(new DeleteMethodCommand({ restApiId, resourceId, httpMethod }));
  }

  /** @param statements none remove the policy */
  async setPolicy(...statements: readonly object[]): Promise<void> {
    const value =
      statements.length > 0 ? JSON.stringify({ Version: "2012-10-17", Statement: statements }) : "";
    await this.client.send(
      new UpdateRestApiCommand({
        restApiId: this.restApiId,
        patchOperations: [{ op: "replace", path: "/policy", value }],
      }),
    );
  }

  /** Creates a deployment and lets the stage serve it. @returns its id */
  async deploy(): Promise<string> {
    const { restApiId } = this;
    const stage = { restApiId, stageName: "live" };
    const { id: deploymentId = "" } = await this.client.send(new CreateDeploymentCommand({ restApiId }));
    const patchOperations = [{ op: "replace" as const, path: "/deploymentId", value: deploymentId }];
    await this.client
      .send(new UpdateStageCommand({ ...stage, patchOperations }))
      .catch(() => this.client.send(new CreateStageCommand({ ...stage, deploymentId })));
    return deploymentId;
  }

  /**
   * @param signer who signs the request. @default nobody
   * @returns the header `x-version`, or the status if it is not 200
   */
  async call(method: string, path: string, signer?: Signer) {
    const url = `${this.endpoint}/restapis/${this.restApiId}/live/_user_request_${path}`;
    const response = await (signer ? signedFetch(url, { method }, signer) : fetch(url, { method }));
    return response.status === 200 ? response.headers.get("x-version") : response.status;
  }
}
