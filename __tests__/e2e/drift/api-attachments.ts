import {
  CreateAuthorizerCommand,
  CreateBasePathMappingCommand,
  CreateDomainNameCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateResourceCommand,
  CreateStageCommand,
  CreateUsagePlanCommand,
  DeleteAuthorizerCommand,
  DeleteBasePathMappingCommand,
  DeleteDomainNameCommand,
  DeleteGatewayResponseCommand,
  DeleteMethodCommand,
  DeleteModelCommand,
  DeleteRequestValidatorCommand,
  DeleteResourceCommand,
  DeleteStageCommand,
  DeleteUsagePlanCommand,
  GetResourcesCommand,
  GetStageCommand,
  PutGatewayResponseCommand,
  PutMethodCommand,
  UpdateStageCommand,
  UpdateUsagePlanCommand,
} from "@aws-sdk/client-api-gateway";
import type { Clients } from "../../../scripts/verify/clients";
import type { Target } from "../faults";
import { type Attachment, attachment, restApiId } from "./attachment";

const methodSettings = (path: string, value: string, method: string): Attachment =>
  attachment({
    name: `settings of ${method}`,
    named: new RegExp(`settings of its own for ${method.replace(/[{}]/g, "\\$&")} on the stage dev`),
    plant: ({ apiGateway }, target) =>
      apiGateway.send(
        new UpdateStageCommand({
          restApiId: restApiId(target),
          stageName: target.outputs["api-stage"],
          patchOperations: [
            {
              op: "replace",
              path: `/${method.replaceAll("/", "~1").replace(/~1(\w+)$/, "/$1")}${path}`,
              value,
            },
          ],
        }),
      ),
    undo: ({ apiGateway }, target) =>
      apiGateway.send(
        new UpdateStageCommand({
          restApiId: restApiId(target),
          stageName: target.outputs["api-stage"],
          patchOperations: [
            { op: "remove", path: `/${method.replaceAll("/", "~1").replace(/~1(\w+)$/, "/$1")}` },
          ],
        }),
      ),
  });

async function resourceId(
  { apiGateway }: Clients,
  target: Target,
  path: string,
): Promise<string | undefined> {
  const { items = [] } = await apiGateway.send(
    new GetResourcesCommand({ restApiId: restApiId(target), limit: 500 }),
  );
  return items.find((resource) => resource.path === path)?.id;
}

const certificate = "arn:aws:acm:eu-west-1:000000000000:certificate/planted";
const domain = { domainName: "planted.example" };

/** What belongs to the API, or leads to it. */
export const apiAttachments: readonly Attachment[] = [
  methodSettings("/throttling/burstLimit", "0", "items/POST"),
  methodSettings("/logging/dataTrace", "true", "items/{id}/GET"),
  attachment({
    name: "a public method",
    named: /the method ANY \/health with the authorization NONE/,
    plant: async (clients, target) => {
      const method = {
        restApiId: restApiId(target),
        resourceId: await resourceId(clients, target, "/health"),
        httpMethod: "ANY",
      };
      await clients.apiGateway.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
      return method;
    },
    undo: ({ apiGateway }, _, method) => apiGateway.send(new DeleteMethodCommand(method)),
  }),
  attachment({
    name: "a resource",
    named: /the resource \/items\/planted/,
    plant: async (clients, target) =>
      clients.apiGateway.send(
        new CreateResourceCommand({
          restApiId: restApiId(target),
          parentId: await resourceId(clients, target, "/items"),
          pathPart: "planted",
        }),
      ),
    undo: ({ apiGateway }, target, { id }) =>
      apiGateway.send(new DeleteResourceCommand({ restApiId: restApiId(target), resourceId: id })),
  }),
  attachment({
    name: "a stage",
    named: /the stage planted/,
    plant: async ({ apiGateway }, target) => {
      const { deploymentId } = await apiGateway.send(
        new GetStageCommand({ restApiId: restApiId(target), stageName: target.outputs["api-stage"] }),
      );
      await apiGateway.send(
        new CreateStageCommand({ restApiId: restApiId(target), stageName: "planted", deploymentId }),
      );
    },
    undo: ({ apiGateway }, target) =>
      apiGateway.send(new DeleteStageCommand({ restApiId: restApiId(target), stageName: "planted" })),
  }),
  attachment({
    name: "a model",
    named: /the model planted/,
    plant: ({ apiGateway }, target) =>
      apiGateway.send(
        new CreateModelCommand({
          restApiId: restApiId(target),
          name: "planted",
          contentType: "application/json",
          schema: "{}",
        }),
      ),
    undo: ({ apiGateway }, target) =>
      apiGateway.send(new DeleteModelCommand({ restApiId: restApiId(target), modelName: "planted" })),
  }),
  attachment({
    name: "a usage plan",
    named: /the usage plan planted/,
    plant: ({ apiGateway }, target) =>
      apiGateway.send(
        new CreateUsagePlanCommand({
          name: "planted",
          apiStages: [{ apiId: restApiId(target), stage: target.outputs["api-stage"] }],
        }),
      ),
    undo: async ({ apiGateway }, target, { id }) => {
      await apiGateway.send(
        new UpdateUsagePlanCommand({
          usagePlanId: id,
          patchOperations: [
            {
              op: "remove",
              path: "/apiStages",
              value: `${restApiId(target)}:${target.outputs["api-stage"]}`,
            },
          ],
        }),
      );
      await apiGateway.send(new DeleteUsagePlanCommand({ usagePlanId: id }));
    },
  }),
  attachment({
    name: "an authorizer",
    named: /the authorizer planted/,
    plant: ({ apiGateway }, target) =>
      apiGateway.send(
        new CreateAuthorizerCommand({
          restApiId: restApiId(target),
          name: "planted",
          type: "TOKEN",
          identitySource: "method.request.header.Authorization",
          authorizerUri:
            "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:elsewhere/invocations",
        }),
      ),
    undo: ({ apiGateway }, target, { id }) =>
      apiGateway.send(new DeleteAuthorizerCommand({ restApiId: restApiId(target), authorizerId: id })),
  }),
  attachment({
    name: "a request validator",
    named: /the request validator planted/,
    plant: ({ apiGateway }, target) =>
      apiGateway.send(new CreateRequestValidatorCommand({ restApiId: restApiId(target), name: "planted" })),
    undo: ({ apiGateway }, target, { id }) =>
      apiGateway.send(
        new DeleteRequestValidatorCommand({ restApiId: restApiId(target), requestValidatorId: id }),
      ),
  }),
  attachment({
    name: "a gateway response",
    named: /a gateway response for INTEGRATION_FAILURE/,
    plant: async ({ apiGateway }, target) => {
      const response = { restApiId: restApiId(target), responseType: "INTEGRATION_FAILURE" as const };
      await apiGateway.send(new PutGatewayResponseCommand({ ...response, statusCode: "200" }));
      return response;
    },
    undo: ({ apiGateway }, _, response) => apiGateway.send(new DeleteGatewayResponseCommand(response)),
  }),
  attachment({
    name: "a domain name",
    named: /the domain name planted\.example/,
    plant: async ({ apiGateway }, target) => {
      await apiGateway.send(
        new CreateDomainNameCommand({
          ...domain,
          regionalCertificateArn: certificate,
          endpointConfiguration: { types: ["REGIONAL"] },
        }),
      );
      await apiGateway.send(
        new CreateBasePathMappingCommand({
          ...domain,
          restApiId: restApiId(target),
          stage: target.outputs["api-stage"],
        }),
      );
    },
    undo: async ({ apiGateway }) => {
      await apiGateway.send(new DeleteBasePathMappingCommand({ ...domain, basePath: "(none)" }));
      await apiGateway.send(new DeleteDomainNameCommand(domain));
    },
  }),
];
